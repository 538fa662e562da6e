"""What an import is refused for."""

from passerby.errors import Refusal


class ImportRefused(Refusal):
    """The archive or one of its rows cannot be read; nothing of it was kept. The message names file and line."""

    code = "import_invalid"


class NoTimeWindow(Refusal):
    """Every day the files cover is already measured or imported, or fewer than two days are left."""

    code = "no_time_window"

    def __init__(self) -> None:
        super().__init__(
            "There is no room for this import: the days it covers are already measured or imported, or fewer than "
            "two days are left. Delete another import first, or send files that cover other days.",
            field="file",
        )


class ImportInProgress(Refusal):
    """One at a time, so that two imports never race for the same days."""

    status = 409
    code = "import_in_progress"

    def __init__(self) -> None:
        super().__init__("Another import of this site is in progress. Wait until it is completed.")
