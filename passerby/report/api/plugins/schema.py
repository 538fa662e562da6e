"""Bodies of the Plugins API, checked part by part with the texts its clients show."""

from typing import Any

from django.http import HttpRequest

from passerby.report.api.http import parameters
from passerby.report.api.plugins.door import Unprocessable
from passerby.sites.goals import CUSTOM_PROPS_MAX, GoalDraft, parse_goal

BULK_MAX = 8
GOAL_TYPES = ("Goal.CustomEvent", "Goal.Pageview", "Goal.Revenue")
TYPE_NAMES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The body's object, without the query's `site_id`."""
    return {name: value for name, value in parameters(request).items() if name != "site_id"}


def object_at(container: dict[str, Any], name: str) -> dict[str, Any]:
    """A member that must be an object.

    Raises: Unprocessable.
    """
    if name not in container:
        raise Unprocessable(f"Missing field: {name}")
    value = container[name]
    if not isinstance(value, dict):
        raise Unprocessable(f"Invalid object. Got: {type_name(value)}")
    return value


def text_at(container: dict[str, Any], name: str) -> str:
    """A member that must be a text.

    Raises: Unprocessable.
    """
    if name not in container:
        raise Unprocessable(f"Missing field: {name}")
    value = container[name]
    if not isinstance(value, str):
        raise Unprocessable(f"Invalid string. Got: {type_name(value)}")
    return value


def array_at(container: dict[str, Any], name: str, *, least: int = 1, most: int = BULK_MAX) -> list[Any]:
    """A member that must be an array of `least` to `most` items.

    Raises: Unprocessable.
    """
    if name not in container:
        raise Unprocessable(f"Missing field: {name}")
    value = container[name]
    if not isinstance(value, list):
        raise Unprocessable(f"Invalid array. Got: {type_name(value)}")
    if len(value) > most:
        raise Unprocessable(f"Array length {len(value)} is larger than maxItems: {most}")
    if len(value) < least:
        raise Unprocessable(f"Array length {len(value)} is smaller than minItems: {least}")
    return value


def integer(value: object) -> int:
    """An item that must be an integer.

    Raises: Unprocessable.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unprocessable(f"Invalid integer. Got: {type_name(value)}")
    return value


def goal_at(request_part: object) -> GoalDraft:
    """One goal request: `{"goal_type": …, "goal": {…}}`.

    Raises: Unprocessable, GoalRefused.
    """
    if not isinstance(request_part, dict):
        raise Unprocessable(f"Invalid object. Got: {type_name(request_part)}")
    kind = text_at(request_part, "goal_type")
    if kind not in GOAL_TYPES:
        raise Unprocessable("Invalid value for enum")
    goal = object_at(request_part, "goal")
    fields: dict[str, object] = {"custom_props": _props(goal)}
    if kind == "Goal.Pageview":
        fields["page_path"] = text_at(goal, "path")
    else:
        fields["event_name"] = text_at(goal, "event_name")
    if kind == "Goal.Revenue":
        fields["currency"] = text_at(goal, "currency")
    return parse_goal(fields)


def type_name(value: object) -> str:
    """The JSON name of a value's type."""
    return TYPE_NAMES.get(type(value), "null")


def _props(goal: dict[str, Any]) -> object:
    props = goal.get("custom_props")
    if isinstance(props, dict) and len(props) > CUSTOM_PROPS_MAX:
        raise Unprocessable(f"Object property count {len(props)} is greater than maxProperties: {CUSTOM_PROPS_MAX}")
    return props
