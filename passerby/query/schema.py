"""The language of questions as a JSON schema (draft-07), made from the registries the parser itself reads.

Published at `GET /api/docs/query/schema.json`; the dashboard's types are generated from `query_schema(INTERNAL)`.
"""

from typing import Any

from passerby.query.dimensions import DIMENSIONS, GOAL, PROPS, PUBLIC_TIME_DIMENSIONS, SEGMENT, TIME_DIMENSIONS
from passerby.query.filters import CASE_OPERATORS, INTERNAL_OPERATORS, Operator
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
from passerby.query.parse import (
    COMPARE_MODES,
    INTERNAL_FLAGS,
    PERIOD_WORDS,
    PUBLIC_INCLUDES,
    REALTIME_WORDS,
    Grammar,
)

DRAFT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]


def query_schema(grammar: Grammar) -> Schema:
    """Everything a body may say. What depends on the site (its goals, its segments) is checked when it is asked."""
    members = {
        "site_id": {"type": "string", "description": "The site's domain."},
        "metrics": _metrics(grammar),
        "date_range": _date_range(grammar),
        "dimensions": _dimensions(grammar),
        "filters": {"type": "array", "items": {"$ref": "#/definitions/filter"}},
        "order_by": {"type": "array", "items": _order(grammar)},
        "include": _include(grammar),
        "pagination": _pagination(),
    }
    if grammar.is_internal:
        members["relative_date"] = {"type": ["string", "null"], "format": "date"}
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


def _dimension_name(grammar: Grammar) -> Schema:
    times = TIME_DIMENSIONS if grammar.is_internal else PUBLIC_TIME_DIMENSIONS
    known = [{"const": entry.name, "description": entry.meaning} for entry in DIMENSIONS.values()]
    return {"oneOf": [*known, {"enum": [GOAL, *times]}, {"type": "string", "pattern": f"^{PROPS}.+"}]}


def _dimensions(grammar: Grammar) -> Schema:
    return {"type": "array", "maxItems": DIMENSIONS_MAX, "uniqueItems": True, "items": _dimension_name(grammar)}


def _date_range(grammar: Grammar) -> Schema:
    words = sorted(PERIOD_WORDS | REALTIME_WORDS) if grammar.is_internal else sorted(PERIOD_WORDS)
    ends = [
        _tuple([{"type": "string", "format": kind}, {"type": "string", "format": kind}])
        for kind in ("date", "date-time")
    ]
    return {"oneOf": [{"enum": words}, {"type": "string", "pattern": r"^\d+(d|mo)$"}, *ends]}


def _order(grammar: Grammar) -> Schema:
    metrics = list(METRICS if grammar.is_internal else PUBLIC_METRICS)
    name = {"anyOf": [{"enum": metrics}, _dimension_name(grammar)]}
    return _tuple([name, {"enum": ["asc", "desc"]}])


def _include(grammar: Grammar) -> Schema:
    flag = {"type": "boolean"}
    members: Schema = {name: {**flag, "default": False} for name in PUBLIC_INCLUDES}
    if grammar.is_internal:
        members |= {name: {**flag, "default": False} for name in INTERNAL_FLAGS}
        members["imports"] = {**flag, "default": True}
        members["compare_match_day_of_week"] = {**flag, "default": True}
        date = {"type": "string", "format": "date"}
        members["compare"] = {"oneOf": [{"enum": list(COMPARE_MODES)}, _tuple([date, date]), {"type": "null"}]}
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
    simple = {"oneOf": [{"enum": list(DIMENSIONS)}, {"type": "string", "pattern": f"^{PROPS}.+"}]}
    texts = {
        "type": "array",
        "maxItems": FILTER_VALUES_MAX,
        "items": {"type": ["string", "integer"], "maxLength": VALUE_CHARACTERS_MAX},
    }
    cased = [operator.value for operator in Operator if operator in CASE_OPERATORS]
    patterns = [op.value for op in Operator if op not in CASE_OPERATORS]
    if not grammar.is_internal:
        patterns = [name for name in patterns if Operator(name) not in INTERNAL_OPERATORS]
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
                _tuple([{"enum": cased}, simple, texts, {"$ref": "#/definitions/modifier"}], least=3),
                _tuple([{"enum": patterns}, simple, texts]),
                _tuple(
                    [{"enum": ["is", "contains"]}, {"const": GOAL}, texts, {"$ref": "#/definitions/modifier"}], least=3
                ),
                _tuple([{"const": "is"}, {"const": SEGMENT}, {"type": "array", "items": {"type": "integer"}}]),
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
