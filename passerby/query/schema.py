"""The language of questions as a JSON schema (draft-07), made from the registries of metrics and dimensions.

Published at `GET /api/docs/query/schema.json`; bodies are checked against it (shape.py), and the dashboard's types are
generated from `query_schema(INTERNAL)`.
"""

from typing import Any

from passerby.query.dimensions import DIMENSIONS, GOAL, PROPS, PUBLIC_TIME_DIMENSIONS, SEGMENT, TIME_DIMENSIONS
from passerby.query.filters import CASE_OPERATORS, INTERNAL_OPERATORS, Operator
from passerby.query.grammar import (
    COMPARE_MODES,
    INTERNAL_FLAGS,
    PERIOD_WORDS,
    PUBLIC_INCLUDES,
    REALTIME_WORDS,
    Grammar,
)
from passerby.query.language import (
    DIMENSIONS_MAX,
    FILTER_VALUES_MAX,
    LIMIT_DEFAULT,
    LIMIT_MAX,
    METRICS_MAX,
    OFFSET_MAX,
    VALUE_CHARACTERS_MAX,
)
from passerby.query.metrics import METRICS, PUBLIC_METRICS

DRAFT = "http://json-schema.org/draft-07/schema#"
LIST_ITEMS_MAX = METRICS_MAX + DIMENSIONS_MAX  # Of the longest list but filters: `order_by` may name everything.
Schema = dict[str, Any]

_DATE = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_MOMENT = {
    "type": "string",
    "format": "date-time",
    "pattern": (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
        "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?$"  # One without an offset is refused by its own words.
    ),
}
_PROPERTY = {"type": "string", "pattern": f"^{PROPS}", "minLength": len(PROPS) + 1}


def query_schema(grammar: Grammar) -> Schema:
    """Everything a body may say. What depends on the site (its goals, its segments) is checked when it is asked."""
    members = {
        "site_id": {"type": "string", "description": "The site's domain."},
        "metrics": _metrics(grammar),
        "date_range": _date_range(grammar),
        "dimensions": _dimensions(grammar),
        "filters": {"type": "array", "items": {"$ref": "#/definitions/filter"}},
        "order_by": {"type": "array", "maxItems": LIST_ITEMS_MAX, "items": _order(grammar)},
        "include": _include(grammar),
        "pagination": _pagination(),
    }
    if grammar.is_internal:
        members["relative_date"] = {**_DATE, "type": ["string", "null"]}
    return {
        "$schema": DRAFT,
        "title": "A question about a site",
        "type": "object",
        "additionalProperties": False,
        "required": list(grammar.required),
        "properties": members,
        "definitions": _filter_definitions(grammar),
    }


def _metrics(grammar: Grammar) -> Schema:
    names = METRICS if grammar.is_internal else PUBLIC_METRICS
    choices = [{"const": name, "description": METRICS[name].meaning} for name in names]
    return {"type": "array", "minItems": 1, "maxItems": METRICS_MAX, "uniqueItems": True, "items": {"oneOf": choices}}


def _dimension_name(grammar: Grammar, *, with_goal: bool = True) -> Schema:
    times = TIME_DIMENSIONS if grammar.is_internal else PUBLIC_TIME_DIMENSIONS
    known = [{"const": entry.name, "description": entry.meaning} for entry in DIMENSIONS.values()]
    return {"oneOf": [*known, {"enum": [*([GOAL] if with_goal else []), *times]}, _PROPERTY]}


def _dimensions(grammar: Grammar) -> Schema:
    return {"type": "array", "maxItems": DIMENSIONS_MAX, "uniqueItems": True, "items": _dimension_name(grammar)}


def _date_range(grammar: Grammar) -> Schema:
    words = sorted(PERIOD_WORDS | REALTIME_WORDS) if grammar.is_internal else sorted(PERIOD_WORDS)
    units = {"type": "string", "pattern": "^[0-9]+(d|mo)$"}
    return {"oneOf": [{"enum": words}, units, _tuple([_DATE, _DATE]), _tuple([_MOMENT, _MOMENT])]}


def _order(grammar: Grammar) -> Schema:
    metrics = list(METRICS if grammar.is_internal else PUBLIC_METRICS)
    name = {"anyOf": [{"enum": metrics}, _dimension_name(grammar, with_goal=grammar.is_internal)]}
    return _tuple([name, {"enum": ["asc", "desc"]}])


def _include(grammar: Grammar) -> Schema:
    flag = {"type": "boolean"}
    members: Schema = {name: {**flag, "default": False} for name in PUBLIC_INCLUDES}
    if grammar.is_internal:
        members |= {name: {**flag, "default": False} for name in INTERNAL_FLAGS}
        members["imports"] = {**flag, "default": True}
        members["compare_match_day_of_week"] = {**flag, "default": True}
        members["compare"] = {"oneOf": [{"enum": list(COMPARE_MODES)}, _tuple([_DATE, _DATE]), {"type": "null"}]}
    return {"type": "object", "additionalProperties": False, "properties": members}


def _pagination() -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT},
            "offset": {"type": "integer", "minimum": 0, "maximum": OFFSET_MAX, "default": 0},
        },
    }


def _filter_definitions(grammar: Grammar) -> Schema:
    simple = {"oneOf": [{"enum": list(DIMENSIONS)}, _PROPERTY]}
    values = {
        "type": "array",
        "description": f"At most {FILTER_VALUES_MAX} in a question, of {VALUE_CHARACTERS_MAX} characters each.",
        "items": {"type": ["string", "integer"]},
    }
    cased = [operator.value for operator in Operator if operator in CASE_OPERATORS]
    patterns = [op.value for op in Operator if op not in CASE_OPERATORS]
    if not grammar.is_internal:
        patterns = [name for name in patterns if Operator(name) not in INTERNAL_OPERATORS]
    modifier = {"$ref": "#/definitions/modifier"}
    tree = {"$ref": "#/definitions/filter"}
    return {
        "modifier": {
            "type": "object",
            "additionalProperties": False,
            "required": ["case_sensitive"],
            "properties": {"case_sensitive": {"type": "boolean", "default": True}},
        },
        "filter": {
            "oneOf": [
                _tuple([{"enum": cased}, simple, values, modifier], least=3),
                _tuple([{"enum": patterns}, simple, values]),
                _tuple([{"enum": ["is", "contains"]}, {"const": GOAL}, values, modifier], least=3),
                _tuple([{"const": "is"}, {"const": SEGMENT}, values, modifier], least=3),
                _tuple([{"enum": ["and", "or"]}, {"type": "array", "minItems": 1, "items": tree}]),
                _tuple([{"enum": ["not", "has_done", "has_not_done"]}, tree]),
            ]
        },
    }


def _tuple(items: list[Schema], *, least: int | None = None) -> Schema:
    return {
        "type": "array",
        "items": items,
        "additionalItems": False,
        "minItems": least or len(items),
        "maxItems": len(items),
    }
