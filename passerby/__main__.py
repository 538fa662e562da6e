"""`python -m passerby` is the `passerby` command."""

import sys

from passerby.ops.cli import main

if __name__ == "__main__":
    sys.exit(main())
