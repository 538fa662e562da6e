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
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "-qq", *words], stdout=subprocess.DEVNULL, env=environ, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
