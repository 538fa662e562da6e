"""`passerby setup`: prepare a data folder and stop, so that `user create` and backups have something to work on."""

import argparse
import os
from pathlib import Path

from passerby.settings import read_settings


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the `passerby` parser."""
    parser = commands.add_parser("setup", help="prepare a data folder: secrets, accounts database")
    parser.add_argument("--data", help="the data folder (default $PASSERBY_DATA or ./passerby-data)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Create what is missing, upgrade what is old; running it again changes nothing."""
    settings = start_django(arguments.data)
    print(f"{settings} is ready. Start the server with: passerby serve --data {settings}")
    return 0


def start_django(data: str | None) -> Path:
    """Point the process at a data folder, prepare it, and load Django. Answers the folder."""
    if data:
        os.environ["PASSERBY_DATA"] = str(Path(data).absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerby.django_settings")
    import django

    django.setup()
    from passerby.accounts.setup import prepare

    settings = read_settings()
    prepare(settings)
    return settings.data
