"""The scripts of tests/browser/tracker_pages, built once: frameworks and packages from npm, and our own package."""

import fcntl
import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRACKER = ROOT / "tracker"
PAGES = ROOT / "tests" / "browser" / "tracker_pages"
DIST = PAGES / "dist"


def built_pages() -> Path:
    """The folder of built scripts. Safe to call from several test processes at once."""
    (ROOT / ".build").mkdir(exist_ok=True)
    with (ROOT / ".build" / "tracker-pages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, fingerprint = DIST / "stamp", _fingerprint()
        if not stamp.exists() or stamp.read_text() != fingerprint:
            for folder in (TRACKER, PAGES):
                if not (folder / "node_modules").exists():
                    _npm(folder, "ci", "--ignore-scripts", "--no-fund", "--no-audit")
            _npm(TRACKER, "run", "build:package")
            _npm(PAGES, "run", "build")
            stamp.write_text(fingerprint)
    return DIST


def _fingerprint() -> str:
    digest = hashlib.sha256()
    sources = (TRACKER / "src", TRACKER / "tools", PAGES / "src")
    files = [path for folder in sources for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in [*files, PAGES / "build.mjs", PAGES / "package-lock.json"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _npm(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["npm", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
