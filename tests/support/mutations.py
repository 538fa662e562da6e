"""Valid requests, spoiled: something in a JSON tree is replaced, added, removed, doubled or buried."""

import json
from copy import deepcopy
from random import Random
from typing import Any

from tests.support.hostile import NUMBERS, TEXTS

INJECTIONS = (
    "' OR 1=1 --",
    "x') UNION ALL SELECT 1 --",
    "); DROP TABLE events; --",
    "{n0:UInt64}",
    "{{s0}}",
    "$1",
    "%(s0)s",
    "`visitor_id`",
    "event:props:a']) --",
    "visit:source, sleep(3)",
    "time:day) --",
    "2026-01-01' --",
    "(?i)(a+)+$",
    "(" * 600,
    "a{1000}{1000}",
    "\\",
)
WORDS = (*TEXTS, *INJECTIONS)
MANY = 10_000


def spoil(document: Any, dice: Random) -> Any:
    """The document with one to three places spoiled."""
    spoiled = [deepcopy(document)]
    for _ in range(dice.randint(1, 3)):
        holder, key = dice.choice(list(places(spoiled)))
        dice.choice(WAYS)(holder, key, dice)
    return spoiled[0] if spoiled else None


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every place below a node: what holds it, and under which key."""
    pairs: list[tuple[Any, Any]] = []
    match node:
        case dict():
            pairs = [(node, key) for key in node]
        case list():
            pairs = [(node, index) for index in range(len(node))]
    return [found for holder, key in pairs for found in ((holder, key), *places(holder[key]))]


def anything(dice: Random) -> Any:
    """A value that somebody might send."""
    return dice.choice(
        (
            lambda: dice.choice(WORDS),
            lambda: dice.choice(NUMBERS),
            lambda: dice.choice((None, True, False, [], {}, [[]], [None], {"": ""})),
            lambda: {dice.choice(WORDS): dice.choice(WORDS)},
            lambda: [dice.choice(WORDS), dice.choice(NUMBERS)],
            lambda: [str(number) for number in range(MANY)],
        )
    )()


def encode(document: Any) -> str:
    """JSON as a hostile program writes it: lone surrogates escaped, numbers that are none."""
    return json.dumps(document)


def _replace(holder: Any, key: Any, dice: Random) -> None:
    holder[key] = anything(dice)


def _remove(holder: Any, key: Any, dice: Random) -> None:
    del dice
    if holder is not None and len(holder) > 1:
        del holder[key]


def _add(holder: Any, key: Any, dice: Random) -> None:
    inside = holder[key]
    if isinstance(inside, dict):
        inside[dice.choice(WORDS)] = anything(dice)
    elif isinstance(inside, list):
        inside.insert(dice.randint(0, len(inside)), anything(dice))
    else:
        holder[key] = [inside, anything(dice)]


def _double(holder: Any, key: Any, dice: Random) -> None:
    del dice
    if isinstance(holder, list):
        holder.append(deepcopy(holder[key]))
    else:
        holder[f"{key}{key}"] = deepcopy(holder[key])


def _bury(holder: Any, key: Any, dice: Random) -> None:
    word = dice.choice(("not", "and", "has_done", "or"))
    for _ in range(dice.choice((1, 2, 13, 100))):
        holder[key] = [word, holder[key] if word in {"not", "has_done"} else [holder[key]]]


def _append_text(holder: Any, key: Any, dice: Random) -> None:
    if isinstance(holder[key], str):
        holder[key] += dice.choice(WORDS)


WAYS = (_replace, _replace, _remove, _add, _double, _bury, _append_text)
