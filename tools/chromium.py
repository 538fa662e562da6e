"""Make sure there is a Chromium for the browser tests: the machine's, or Debian's package where we may install it."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """0 when a browser is there at the end."""
    if any(shutil.which(name) for name in NAMES):
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print("The browser tests need Chromium: install it and run this again.", file=sys.stderr)
        return 1
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
