"""The `passerby` command: every operation has a module in this room with a `register` function."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from passerby.errors import PasserbyError

COMMANDS = ("serve", "setup", "user", "site", "key", "privacy_audit", "demo")


def parser() -> argparse.ArgumentParser:
    """The whole command line, for `main` and for the test that compares it with the manual."""
    root = argparse.ArgumentParser(prog="passerby", description="Privacy-first web analytics: one process, one folder.")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"passerby.ops.{name}").register(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit status; what the caller can fix is said in one line."""
    chosen = parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except PasserbyError as problem:
        print(f"passerby: {problem}", file=sys.stderr)
        return 1
    return status
