"""Bound values: what a caller sent never becomes text of a statement."""

from typing import Any


class Params:
    """Collects the values of one statement and hands out their placeholders."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def bind(self, value: Any, kind: str) -> str:
        """The placeholder of a value of ClickHouse type `kind`. Equal values share one."""
        for name, known in self.values.items():
            if known == value and type(known) is type(value) and name.startswith(_prefix(kind)):
                return f"{{{name}:{kind}}}"
        name = f"{_prefix(kind)}{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"

    def text(self, value: str) -> str:
        """A string."""
        return self.bind(value, "String")

    def texts(self, values: list[str]) -> str:
        """A list of strings."""
        return self.bind(values, "Array(String)")

    def number(self, value: int) -> str:
        """A whole number from 0."""
        return self.bind(value, "UInt64")

    def numbers(self, values: list[int]) -> str:
        """A list of whole numbers from 0."""
        return self.bind(values, "Array(UInt64)")


def _prefix(kind: str) -> str:
    return {"String": "s", "Array(String)": "ss", "UInt64": "n", "Array(UInt64)": "ns"}.get(kind, "p")
