"""The server's secret: signs sessions and links. It lives in the data folder, made at the first start, never shown."""

import os
import secrets
import tempfile
from pathlib import Path

from passerby.settings import Settings

SECRET_FILE = "secret-key"  # noqa: S105 - The name of the file, not what is in it.
SECRET_BYTES = 48


def secret_key_of(settings: Settings) -> str:
    """The stored secret, made when the data folder has none; a throw-away one while there is no data folder."""
    if not settings.data.is_dir():
        return secrets.token_urlsafe(SECRET_BYTES)  # Type checks and `--help`: nothing is signed there.
    ensure_secret(settings)
    return (settings.data / SECRET_FILE).read_text(encoding="ascii").strip()


def ensure_secret(settings: Settings) -> None:
    """Write the secret, readable by the owner alone, unless it exists. Two processes may race: the first one wins."""
    target = settings.data / SECRET_FILE
    if target.exists():
        return
    handle, draft = tempfile.mkstemp(dir=settings.data, prefix=SECRET_FILE)  # mkstemp makes it 0600.
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(SECRET_BYTES))
    try:
        os.link(draft, target)  # Unlike a rename, a link never replaces what the other process wrote.
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
