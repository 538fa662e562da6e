"""The two families of errors every room uses: what the caller can fix, and what is ours.

A `Refusal` is shown as it is; a `Fault` is logged with an id and shown as that id only. Nothing else is raised
across a room's door on purpose.
"""

from collections.abc import Iterable
from typing import ClassVar

POINTER_STEP_CHARACTERS_MAX = 200  # Of a member's name inside a pointer: callers make names up.


class PasserbyError(Exception):
    """Root of everything Passerby raises on purpose."""


class Refusal(PasserbyError):
    """The caller can fix it. `code` is stable and documented in docs/errors.md; the message says how to fix it."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Fault(PasserbyError):
    """Ours to fix: the caller is shown an id and nothing else."""


def pointer_to(path: Iterable[str | int]) -> str:
    """Where in a JSON body something is, for a refusal's `field`: `#/filters/0`, `#` for all of it."""
    return "/".join(("#", *(_step(str(step)) for step in path)))


def _step(name: str) -> str:
    return name[:POINTER_STEP_CHARACTERS_MAX].replace("~", "~0").replace("/", "~1")
