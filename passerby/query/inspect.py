"""Values as Plausible's error messages print them: in Elixir's notation, because clients compare those texts."""

from typing import Any

ITEMS_MAX = 50  # Elixir prints no more of a list; a refusal stays readable whatever was sent.
CHARACTERS_MAX = 2_000  # Of one refused value; the caller has the rest.

_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def inspect(value: Any) -> str:
    """A JSON value in Elixir's notation."""
    text = _inspect(value)
    return text if len(text) <= CHARACTERS_MAX else text[:CHARACTERS_MAX] + "..."


def _inspect(value: Any) -> str:
    match value:
        case None | bool():
            return {None: "nil", True: "true", False: "false"}[value]
        case str():
            return _text(value[:CHARACTERS_MAX])
        case [] | {} if not value:
            return "[]"  # An empty object reads like an empty list: see docs/compatibility.md.
        case list():
            return f"[{', '.join(_items(value))}]"
        case dict():
            pairs = [f"{_inspect(key)} => {_inspect(item)}" for key, item in list(value.items())[:ITEMS_MAX]]
            return f"%{{{', '.join(pairs)}}}"
        case _:
            return str(value)


def _text(value: str) -> str:
    escaped = value.translate(_ESCAPES).replace("#{", "\\#{")
    return f'"{escaped}"'


def _items(values: list[Any]) -> list[str]:
    shown = [_inspect(item) for item in values[:ITEMS_MAX]]
    return [*shown, "..."] if len(values) > ITEMS_MAX else shown
