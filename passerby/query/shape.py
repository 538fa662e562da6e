"""The published schema judges a body's shape; this tells its verdicts in the words that clients of Plausible know.

The judge is compiled from `query_schema()`, so what is published is what is checked. A body that fits costs a few
microseconds; of one that does not, an excerpt is looked at again for every fault and its place.
Source: docs/decisions/0034-the-published-schema-validates.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

from passerby.errors import pointer_to
from passerby.query.errors import QueryRefused
from passerby.query.grammar import Grammar
from passerby.query.inspect import inspect
from passerby.query.schema import LIST_ITEMS_MAX, Schema, query_schema

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

FAULTS_MAX = 50  # Told of one body; a caller who is told so many will begin anew.
_MISFIT = "The question does not fit its schema, GET /api/docs/query/schema.json."
_TYPE_NAMES = {type(None): "Null", bool: "Boolean", int: "Integer", float: "Number", str: "String", list: "Array"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, and where: a JSON pointer."""

    pointer: str
    message: str


def check_shape(body: dict[str, Any], grammar: Grammar) -> None:
    """Let a body through that fits the schema.

    Raises: QueryRefused with one line per fault, each beginning with its pointer.
    """
    judge = _judge(grammar)
    if not judge.accepts(body):
        _refuse(judge.faults(body))


def check_trees(trees: Any, grammar: Grammar) -> None:
    """Let a list of filter trees through that fits the schema.

    Raises: QueryRefused, as if they were the `filters` of a body.
    """
    if not isinstance(trees, list):
        _refuse([Fault("#/filters", f"Type mismatch. Expected Array but got {type_name(trees)}.")])
    if faults := _judge(grammar).faults_of_trees(trees):
        _refuse(faults)


def type_name(value: Any) -> str:
    """JSON's name of a value's type."""
    return _TYPE_NAMES.get(type(value), "Object")


def _refuse(faults: list[Fault]) -> NoReturn:
    text = "\n".join(f"{fault.pointer}: {fault.message}" for fault in faults[:FAULTS_MAX])
    raise QueryRefused(text, field=faults[0].pointer)


@cache
def _judge(grammar: Grammar) -> "_Judge":
    return _Judge(query_schema(grammar))


class _Judge:
    """The schema, compiled."""

    def __init__(self, schema: Schema) -> None:
        # The library comes with the first question: a server that is not asked anything saves 8 MB.
        from jsonschema_rs import validator_for

        tree = {key: schema[key] for key in ("$schema", "definitions")} | {"allOf": [{"$ref": "#/definitions/filter"}]}
        # A date that does not exist has the right shape, and words of its own: formats are for readers of the schema.
        self._body = validator_for(schema, validate_formats=False)
        self._tree = validator_for(tree, validate_formats=False)
        self._order = {name: place for place, name in enumerate(schema["properties"])}

    def accepts(self, body: dict[str, Any]) -> bool:
        return _fits(self._body, body)

    def faults(self, body: dict[str, Any]) -> list[Fault]:
        """The faults in the order of the schema's members, what belongs to none of them first; at least one."""
        found = list(islice(_told(self._body, body), FAULTS_MAX))
        if isinstance(trees := body.get("filters"), list):
            found += self.faults_of_trees(trees)
        return sorted(found, key=self._place) or [Fault("#", _MISFIT)]

    def faults_of_trees(self, trees: list[Any]) -> list[Fault]:
        """A tree is right or wrong as a whole: which of its forms was meant, nobody can tell."""
        wrong = ((index, tree) for index, tree in enumerate(trees) if not _fits(self._tree, tree))
        return [Fault(f"#/filters/{n}", f"Invalid filter {inspect(tree)}") for n, tree in islice(wrong, FAULTS_MAX)]

    def _place(self, fault: Fault) -> int:
        return self._order.get(fault.pointer.removeprefix("#/").partition("/")[0], -1)


def _fits(judge: "Validator", value: Any) -> bool:
    try:
        return judge.is_valid(value)
    except ValueError:  # Nested deeper than the judge goes, or text that is no Unicode.
        return False


# --- Verdicts in known words -------------------------------------------------------------------------------------


def _told(judge: "Validator", body: dict[str, Any]) -> Iterator[Fault]:
    """The faults of everything but the filter trees."""
    excerpt = {name: value[: LIST_ITEMS_MAX + 1] if isinstance(value, list) else value for name, value in body.items()}
    if isinstance(body.get("filters"), list):
        excerpt["filters"] = []
    missing: list[str] = []
    try:
        for error in judge.iter_errors(excerpt):
            if error.kind.name == "required":
                missing.append(error.kind.value)
            else:
                yield from _faults_of(error, body)
    except ValueError:  # As in `_fits`; what was found so far is told.
        return
    if missing:
        noun, verb = ("property", "was") if len(missing) == 1 else ("properties", "were")
        yield Fault("#", f"Required {noun} {', '.join(missing)} {verb} not present.")


def _faults_of(error: "ValidationError", body: dict[str, Any]) -> Iterator[Fault]:
    path = error.instance_path
    pointer = pointer_to(path)
    value = _at(body, path)
    match path:
        case [("metrics" | "dimensions") as member, int()]:
            yield Fault(pointer, f"Invalid {member.removesuffix('s')} {inspect(value)}")
        case ["date_range"]:
            yield Fault(pointer, f"Invalid date range {inspect(value)}")
        case ["relative_date"]:
            yield Fault(pointer, f"Failed to convert {inspect(value)} to date")
        case ["order_by", _, *_]:
            yield Fault(pointer, f"Invalid value in order_by {inspect(value)}")
        case ["include", "compare"]:
            yield Fault(pointer, f"Invalid include.compare {inspect(value)}")
        case _ if error.kind.name == "additionalProperties":
            for name in error.kind.value:
                yield Fault(pointer_to([*path, name]), "Schema does not allow additional properties.")
        case _:
            yield Fault(pointer, _generic(error, value))


def _generic(error: "ValidationError", value: Any) -> str:
    limit = error.kind.value
    match error.kind.name:
        case "type":
            return f"Type mismatch. Expected {', '.join(map(str.capitalize, limit))} but got {type_name(value)}."
        case "uniqueItems":
            return "Expected items to be unique but they were not."
        case "minItems" | "maxItems" as bound:
            most = "minimum" if bound == "minItems" else "maximum"
            return f"Expected a {most} of {limit} items but got {len(value)}."
        case "minimum":
            return f"Expected the value to be >= {limit}"
        case "maximum":
            return f"Expected the value to be <= {limit}"
        case _:
            return _MISFIT


def _at(body: Any, path: list[str | int]) -> Any:
    for step in path:
        body = body[step]
    return body
