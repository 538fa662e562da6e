"""Values as Plausible's error messages print them: in Elixir's notation, because clients compare those texts."""

from typing import Any

ITEMS_MAX = 50  # Elixir prints no more of a list; a refusal stays readable whatever was sent.
CHARACTERS_MAX = 2_000  # Of one refused value; the caller has the rest.
DEPTH_MAX = 50  # Lists in lists that are printed.

_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def inspect(value: Any) -> str:
    """A JSON value in Elixir's notation."""
    text = _inspect(value, DEPTH_MAX)
    return text if len(text) <= CHARACTERS_MAX else text[:CHARACTERS_MAX] + "..."


def _inspect(value: Any, depth: int) -> str:
    match value:
        case None | bool():
            return {None: "nil", True: "true", False: "false"}[value]
        case str():
            return _text(value[:CHARACTERS_MAX])
        case [] | {} if not value:
            return "[]"  # An empty object reads like an empty list: see docs/compatibility.md.
        case list():
            return f"[{', '.join(_items(value, depth - 1))}]"
        case dict():
            return f"%{{{', '.join(_pairs(value, depth - 1))}}}"
        case _:
            return str(value)


def _text(value: str) -> str:
    escaped = value.translate(_ESCAPES).replace("#{", "\\#{")
    return f'"{escaped}"'


def _pairs(values: dict[str, Any], depth: int) -> list[str]:
    if not depth:
        return ["..."]
    return [f"{_text(key)} => {_inspect(item, depth)}" for key, item in list(values.items())[:ITEMS_MAX]]


def _items(values: list[Any], depth: int) -> list[str]:
    if not depth:
        return ["..."]
    shown = [_inspect(item, depth) for item in values[:ITEMS_MAX]]
    return [*shown, "..."] if len(values) > ITEMS_MAX else shown
