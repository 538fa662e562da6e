"""Where secrets live between two starts: a memory-backed folder, so that no disk and no backup ever sees one.

Without such a folder they go to a file that only the owner can read, overwritten before it is replaced, and the
operator is told at start-up.
"""

import logging
import os
import stat
from hashlib import blake2b
from pathlib import Path

from passerby.settings import SettingRefused, Settings

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - Checked for owner and mode below.
MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})
MOUNTS = Path("/proc/mounts")

log = logging.getLogger("passerby.salts")


class SaltVault:
    """One secret file of one data folder."""

    def __init__(self, folder: Path, *, name: str, in_memory: bool) -> None:
        self._path = folder / name
        self.in_memory = in_memory

    @property
    def path(self) -> Path:
        """The file itself."""
        return self._path

    def read(self) -> bytes | None:
        """What was written last, or None."""
        try:
            return self._path.read_bytes()
        except OSError:
            return None

    def write(self, content: bytes) -> None:
        """Replace the content. A storage that refuses costs a recount after a restart, nothing else."""
        try:
            self._wipe()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            try:
                os.write(descriptor, content)
            finally:
                os.close(descriptor)
        except OSError as problem:
            log.warning("The salt cannot be kept for the next start: %s", problem.strerror)

    def clear(self) -> None:
        """Destroy the content."""
        try:
            self._wipe()
        except OSError as problem:
            log.warning("A secret cannot be destroyed: %s: %s", self._path, problem.strerror)

    def _wipe(self) -> None:
        """Overwrite the old content in place, then unlink it: on a disk the blocks would keep it."""
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        try:
            os.write(descriptor, bytes(os.fstat(descriptor).st_size))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._path.unlink()


def open_vaults(settings: Settings, *names: str) -> list[SaltVault]:
    """The vaults of a data folder, by name. Tells the operator where they are not memory-backed.

    Raises: SettingRefused when the folder belongs to somebody else.
    """
    folder, in_memory = vault_folder(settings)
    _make_private(folder)
    return [SaltVault(folder, name=name, in_memory=in_memory) for name in names]


def vault_folder(settings: Settings) -> tuple[Path, bool]:
    """The folder for the secrets of this data folder, and whether it is memory-backed."""
    name = f"passerby-{blake2b(os.fsencode(settings.data), digest_size=8).hexdigest()}"
    chosen = settings.salt_folder
    if chosen is not None:
        if not is_memory_backed(chosen):
            log.warning("PASSERBY_SALT_FOLDER is not memory-backed: salts touch a disk before they are overwritten.")
        return chosen / name, is_memory_backed(chosen)
    if is_memory_backed(MEMORY_FOLDER) and os.access(MEMORY_FOLDER, os.W_OK):
        return MEMORY_FOLDER / f"{name}-{os.geteuid()}", True
    log.warning(
        "There is no memory-backed folder here: salts are kept in a file of the data folder, overwritten and unlinked "
        "when they die. Mount a tmpfs and name it in PASSERBY_SALT_FOLDER to keep them off the disk."
    )
    return settings.data / "salts", False


def is_memory_backed(folder: Path) -> bool:
    """Is the file system under a folder kept in memory? Unknown is no."""
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    here = folder.absolute()
    best, kind = -1, ""
    for line in mounts:
        _, point, file_system, *_ = [*line.split(), "", "", ""]
        if here.is_relative_to(point or "?") and len(point) >= best:
            best, kind = len(point), file_system
    return kind in MEMORY_FILE_SYSTEMS and folder.is_dir()


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise SettingRefused(
            f"{folder} is not a folder that only this user can read; remove it or set PASSERBY_SALT_FOLDER."
        )
