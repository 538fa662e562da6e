import tempfile
from pathlib import Path

import pytest

from passerby.ops.serve import take_lock


@pytest.fixture(autouse=True)
def temporary_folder_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())


def test_what_a_killed_process_left_half_written_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "tmp" / "rows.raw"
    left.parent.mkdir()
    left.write_bytes(b"{}")

    with take_lock(tmp_path) or pytest.fail("taken"):
        assert not left.exists()


def test_temporary_files_stay_in_the_data_folder_and_are_its_owners_only(tmp_path: Path) -> None:
    with take_lock(tmp_path) or pytest.fail("taken"), tempfile.NamedTemporaryFile() as file:
        folder = Path(file.name).parent

        assert folder == tmp_path / "tmp"
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_process_leaves_the_files_of_the_first_alone(tmp_path: Path) -> None:
    with take_lock(tmp_path) or pytest.fail("taken"):
        rows = tmp_path / "tmp" / "rows.raw"
        rows.write_bytes(b"{}")

        assert take_lock(tmp_path) is None
        assert rows.exists()
