"""Run each TypeScript project's own checks and unit tests."""

import subprocess
import sys

import assets

FOLDERS = ("web", "tracker")


def main() -> int:
    """0 when every project is clean."""
    environ = assets.environment()
    run_npm = assets.npm(environ)
    for folder in FOLDERS:
        for script in ("check", "test"):
            done = subprocess.run(
                [*run_npm, "run", "--silent", script], cwd=assets.ROOT / folder, env=environ, check=False
            )
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
