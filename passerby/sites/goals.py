"""Goals: what an owner hopes visitors do. Find-or-create, with the rules and texts API clients match on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.db.models import Count, Q, QuerySet

from passerby.errors import Refusal
from passerby.ingest.currency import is_currency
from passerby.sites.changes import lock_site, site_change
from passerby.sites.models import Funnel, Goal, Segment, Site

GOALS_MAX = 1000
EVENT_NAME_CHARACTERS_MAX = 120
PAGE_PATH_CHARACTERS_MAX = 2000
DISPLAY_NAME_CHARACTERS_MAX = 255
CUSTOM_PROPS_MAX = 3
PROP_KEY_CHARACTERS_MAX = 300
PROP_VALUE_CHARACTERS_MAX = 2000
FUNNEL_STEPS_MIN = 2


class GoalRefused(Refusal):
    """A goal breaks one or more rules; `errors` are (field, text) pairs, the message joins them."""

    code = "goal_refused"

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {text}" for name, text in errors), field=errors[0][0])
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalDraft:
    """A goal as asked for, checked but not yet compared with the site's other goals."""

    event_name: str | None = None
    page_path: str | None = None
    display_name: str
    scroll_threshold: int = -1
    currency: str | None = None
    custom_props: Mapping[str, str] = field(default_factory=dict)
    is_plain: bool = False  # Nothing but the event or the page was given.


def parse_goal(given: Mapping[str, object]) -> GoalDraft:
    """Check the fields of a goal.

    Raises: GoalRefused with every broken rule.
    """
    errors: list[tuple[str, str]] = []
    event_name = _text(given.get("event_name"))
    page_path = _path(_text(given.get("page_path")))
    threshold = _threshold(given.get("scroll_threshold"), page_path, errors)
    _check_names(event_name, page_path, errors)
    props = _props(given.get("custom_props"), errors)
    currency = None if page_path else _currency(given.get("currency"), errors)
    name = _text(given.get("display_name")) or event_name or f"Visit {page_path}"[:DISPLAY_NAME_CHARACTERS_MAX]
    if len(name) > DISPLAY_NAME_CHARACTERS_MAX:
        errors.append(("display_name", f"should be at most {DISPLAY_NAME_CHARACTERS_MAX} character(s)"))
    if errors:
        raise GoalRefused(*errors)
    return GoalDraft(
        event_name=event_name,
        page_path=page_path,
        display_name=name,
        scroll_threshold=threshold,
        currency=currency,
        custom_props=props,
        is_plain=not props and threshold == -1 and not given.get("display_name"),
    )


def find_or_create_goal(site: Site, draft: GoalDraft) -> Goal:
    """The goal that counts what `draft` counts, made when there is none.

    Raises: GoalRefused when its name or its currency is taken, or the site is full.
    """
    with site_change():
        lock_site(site)
        found = _same(site, draft)
        if found is not None:
            if draft.currency != found.currency and draft.currency is not None:
                raise GoalRefused(("event_name", _taken(found)))
            return found
        if Goal.objects.filter(site=site).count() >= GOALS_MAX:
            full = "Maximum number of goals reached"
            raise GoalRefused(("page_path", full), ("event_name", full))
        named = Goal.objects.filter(site=site, display_name=draft.display_name).first()
        if named is None:
            return _create(site, draft)
        if draft.is_plain and (named.event_name, named.page_path) == (draft.event_name, draft.page_path):
            return named  # Only its event or page was named, and a goal of that name counts it.
        raise GoalRefused(("display_name", "has already been taken"))


def delete_goal(site: Site, goal_id: int) -> bool:
    """Delete one goal; False when the site has none by this id."""
    with site_change():
        lock_site(site)
        return bool(delete_goals(site, Goal.objects.filter(site=site, pk=goal_id)))


def delete_goals(site: Site, goals: "QuerySet[Goal]") -> int:
    """Delete goals, their steps in funnels, and the funnels left with less than two steps; inside a transaction."""
    count, by_model = goals.delete()
    del count
    Funnel.objects.filter(site=site).annotate(left=Count("steps")).filter(left__lt=FUNNEL_STEPS_MIN).delete()
    return by_model.get("sites.Goal", 0)


def rename_goal(goal: Goal, display_name: str) -> None:
    """Give a goal another name, in the site's saved segments too.

    Raises: GoalRefused when the name is empty, too long or taken.
    """
    name = display_name.strip()
    if not name:
        raise GoalRefused(("display_name", "can't be blank"))
    if len(name) > DISPLAY_NAME_CHARACTERS_MAX:
        raise GoalRefused(("display_name", f"should be at most {DISPLAY_NAME_CHARACTERS_MAX} character(s)"))
    with site_change():
        lock_site(goal.site)
        if Goal.objects.filter(site=goal.site, display_name=name).exclude(pk=goal.pk).exists():
            raise GoalRefused(("display_name", "has already been taken"))
        old, goal.display_name = goal.display_name, name
        goal.save(update_fields=["display_name"])
        for segment in Segment.objects.filter(site=goal.site):
            renamed = _rename_in(segment.segment_data, old, name)
            if renamed != segment.segment_data:
                segment.segment_data = renamed
                segment.save(update_fields=["segment_data"])


def _rename_in(node: Any, old: str, new: str) -> Any:
    """The same filters with one goal's name replaced where goals are compared exactly."""
    match node:
        case [operator, "event:goal", list(values), *rest] if operator in {"is", "is_not"}:
            return [operator, "event:goal", [new if value == old else value for value in values], *rest]
        case list():
            return [_rename_in(child, old, new) for child in node]
        case dict():
            return {key: _rename_in(child, old, new) for key, child in node.items()}
        case _:
            return node


def _same(site: Site, draft: GoalDraft) -> Goal | None:
    same = Q(event_name=draft.event_name) if draft.event_name else Q(page_path=draft.page_path)
    candidates = Goal.objects.filter(same, site=site, scroll_threshold=draft.scroll_threshold)
    # Compared here: the databases do not agree on what equal JSON is.
    return next((goal for goal in candidates if goal.custom_props == draft.custom_props), None)


def _create(site: Site, draft: GoalDraft) -> Goal:
    try:
        return Goal.objects.create(
            site=site,
            event_name=draft.event_name,
            page_path=draft.page_path,
            display_name=draft.display_name,
            scroll_threshold=draft.scroll_threshold,
            currency=draft.currency,
            custom_props=dict(draft.custom_props),
        )
    except IntegrityError as problem:
        raise GoalRefused(("display_name", "has already been taken")) from problem


def _taken(goal: Goal) -> str:
    with_currency = f" (with currency: {goal.currency})" if goal.currency else ""
    return f"'{goal.event_name}'{with_currency} has already been taken"


def _text(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return value.strip()


def _path(value: str | None) -> str | None:
    return value if value is None or value.startswith("/") else f"/{value}"


def _check_names(event_name: str | None, page_path: str | None, errors: list[tuple[str, str]]) -> None:
    if event_name and page_path:
        errors.append(("event_name", "cannot co-exist with page_path"))
    elif page_path is None and event_name is None:
        errors.append(("event_name", "this field is required and cannot be blank"))
        errors.append(("page_path", "this field is required and must start with a /"))
    if event_name == "engagement":
        errors.append(("event_name", "The event name 'engagement' is reserved and cannot be used as a goal"))
    if event_name and len(event_name) > EVENT_NAME_CHARACTERS_MAX:
        errors.append(("event_name", f"should be at most {EVENT_NAME_CHARACTERS_MAX} character(s)"))
    if page_path and len(page_path) > PAGE_PATH_CHARACTERS_MAX:
        errors.append(("page_path", f"should be at most {PAGE_PATH_CHARACTERS_MAX} character(s)"))


def _threshold(value: object, page_path: str | None, errors: list[tuple[str, str]]) -> int:
    if value is None or value == "":
        return -1
    try:
        threshold = int(str(value))
    except ValueError:
        errors.append(("scroll_threshold", "is invalid"))
        return -1
    if not -1 <= threshold <= 100:  # noqa: PLR2004 - Percent, and -1 for none.
        errors.append(("scroll_threshold", "Should be -1 (missing) or in range [0, 100]"))
    elif threshold > -1 and page_path is None:
        errors.append(("scroll_threshold", "page_path field missing for page scroll goal"))
    return threshold


def _currency(value: object, errors: list[tuple[str, str]]) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not is_currency(value.upper()):
        errors.append(("currency", "is invalid"))
        return None
    return value.upper()


def _props(value: object, errors: list[tuple[str, str]]) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(
        isinstance(key, str) and isinstance(text, str) for key, text in value.items()
    ):
        errors.append(("custom_props", "must be a map with string keys and string values"))
        return {}
    if len(value) > CUSTOM_PROPS_MAX:
        errors.append(("custom_props", f"use at most {CUSTOM_PROPS_MAX} properties per goal"))
    if any(not 1 <= len(key) <= PROP_KEY_CHARACTERS_MAX for key in value):
        errors.append(("custom_props", f"key length is 1..{PROP_KEY_CHARACTERS_MAX} characters"))
    if any(not 1 <= len(text) <= PROP_VALUE_CHARACTERS_MAX for text in value.values()):
        errors.append(("custom_props", f"value length is 1..{PROP_VALUE_CHARACTERS_MAX} characters"))
    return value
