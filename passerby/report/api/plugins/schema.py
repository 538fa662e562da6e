"""Bodies of the Plugins API, checked part by part with the texts its clients show."""

from typing import Any, TypeVar

from django.http import HttpRequest

from passerby.report.api.http import parameters
from passerby.report.api.plugins.door import Unprocessable
from passerby.sites.goals import CUSTOM_PROPS_MAX, GoalDraft, parse_goal
from passerby.sites.models import FunnelType

BULK_MAX = 8
GOAL_TYPES = ("Goal.CustomEvent", "Goal.Pageview", "Goal.Revenue")
TYPE_NAMES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
}

Value = TypeVar("Value", str, int, list[Any], dict[str, Any])


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The body's object, without the query's `site_id`."""
    return {name: value for name, value in parameters(request).items() if name != "site_id"}


def object_at(container: dict[str, Any], name: str) -> dict[str, Any]:
    """A member that must be an object.

    Raises: Unprocessable.
    """
    return _typed(_member(container, name), dict)


def text_at(container: dict[str, Any], name: str) -> str:
    """A member that must be a text.

    Raises: Unprocessable.
    """
    return _typed(_member(container, name), str)


def array_at(container: dict[str, Any], name: str, *, least: int = 1, most: int = BULK_MAX) -> list[Any]:
    """A member that must be an array of `least` to `most` items.

    Raises: Unprocessable.
    """
    value = _typed(_member(container, name), list)
    if len(value) > most:
        raise Unprocessable(f"Array length {len(value)} is larger than maxItems: {most}")
    if len(value) < least:
        raise Unprocessable(f"Array length {len(value)} is smaller than minItems: {least}")
    return value


def integer(value: object) -> int:
    """An item that must be an integer.

    Raises: Unprocessable.
    """
    return _typed(value, int)


def boolean_fault(value: object) -> list[str]:
    """What is wrong with a value that must be a boolean, in a list that is empty when nothing is."""
    return [] if isinstance(value, bool) else [_fault(value, bool)]


def goal_at(request_part: object) -> GoalDraft:
    """One goal request: `{"goal_type": …, "goal": {…}}`.

    Raises: Unprocessable, GoalRefused.
    """
    asked = _typed(request_part, dict)
    kind = text_at(asked, "goal_type")
    if kind not in GOAL_TYPES:
        raise Unprocessable("Invalid value for enum")
    goal = object_at(asked, "goal")
    fields: dict[str, object] = {"custom_props": _props(goal)}
    if kind == "Goal.Pageview":
        fields["page_path"] = text_at(goal, "path")
    else:
        fields["event_name"] = text_at(goal, "event_name")
    if kind == "Goal.Revenue":
        fields["currency"] = text_at(goal, "currency")
    return parse_goal(fields)


def funnel_type_at(asked: dict[str, Any]) -> FunnelType | None:
    """The type of a funnel; None when it is not given.

    Raises: Unprocessable.
    """
    if "funnel_type" not in asked:
        return None
    kind = text_at(asked, "funnel_type")
    if kind not in set(FunnelType):
        raise Unprocessable("Invalid value for enum")
    return FunnelType(kind)


def an_object(value: object) -> dict[str, Any]:
    """An item that must be an object.

    Raises: Unprocessable.
    """
    return _typed(value, dict)


def _member(container: dict[str, Any], name: str) -> object:
    if name not in container:
        raise Unprocessable(f"Missing field: {name}")
    return container[name]


def _typed(value: object, kind: type[Value]) -> Value:
    if isinstance(value, kind) and not isinstance(value, bool):  # To Python, true is an integer.
        return value
    raise Unprocessable(_fault(value, kind))


def _fault(value: object, kind: type) -> str:
    return f"Invalid {TYPE_NAMES[kind]}. Got: {TYPE_NAMES.get(type(value), 'null')}"


def _props(goal: dict[str, Any]) -> object:
    props = goal.get("custom_props")
    if isinstance(props, dict) and len(props) > CUSTOM_PROPS_MAX:
        raise Unprocessable(f"Object property count {len(props)} is greater than maxProperties: {CUSTOM_PROPS_MAX}")
    return props
