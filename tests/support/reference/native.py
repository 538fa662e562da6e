"""The rows of events and visits that each group of an answer counts."""

from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from tests.support.reference.asked import Asked
from tests.support.reference.conditions import (
    PROPS,
    Node,
    completes,
    holds,
    is_about_events,
    leaves,
    names,
    renamed,
    top,
)
from tests.support.reference.periods import bucket
from tests.support.reference.words import (
    COLUMNS,
    EITHER_METRICS,
    EMPTY_LABELS,
    EVENT_METRICS,
    PLACE_NAMES,
    SESSION_METRICS,
    VISIT_ONLY_COLUMNS,
)
from tests.support.reference.world import Key, Row

PAGE, ENTRY_PAGE = "event:page", "visit:entry_page"
SMEAR_SECONDS = {"time:hour": 900, "time:minute": 60}


@dataclass
class Group:
    """What one row counts. Visitors and visits are told from `either`."""

    events: list[Row] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)
    either: list[Row] = field(default_factory=list)


Groups = dict[Key, Group]


def count_native(asked: Asked) -> Groups:
    """The groups that events and visits make, those that are shown."""
    smears = bool(EITHER_METRICS & set(asked.metrics)) and any(name in SMEAR_SECONDS for name in asked.dimensions)
    from_events = counts_from_events(asked)
    uses_events = from_events or bool(EVENT_METRICS & set(asked.metrics))
    uses_visits = not from_events or bool(SESSION_METRICS & set(asked.metrics))
    groups: Groups = {}
    shown: set[Key] = set() if asked.dimensions else {()}
    if uses_events:
        for event, visit in events_of(asked, asked.attributed):
            for key in _event_keys(asked, event, visit):
                group = groups.setdefault(key, Group())
                group.events.append(event)
                group.either += [event] if from_events else []
                shown.add(key)
    if uses_visits:
        joins_fully = any(name in SMEAR_SECONDS for name in asked.dimensions)
        for key, visit, is_smeared in _visits_by_key(asked, smears=smears and not from_events):
            group = groups.setdefault(key, Group())
            group.visits += [] if is_smeared else [visit]
            group.either += [visit] if not from_events and is_smeared == smears else []
            shown |= {key} if not uses_events or joins_fully else set()
    return {key: groups.get(key, Group()) for key in shown}


def counts_from_events(asked: Asked) -> bool:
    """Which rows tell visitors and visits apart: the first rule that fits."""
    metrics = set(asked.metrics)
    by_event = any(name.startswith("event:") for name in asked.dimensions)
    if "time:minute" in asked.dimensions and EITHER_METRICS & metrics and not by_event:
        return False
    named = [*asked.dimensions, *(leaf[1] for node in asked.attributed for leaf in leaves(node))]
    has_event_part = bool(EVENT_METRICS & metrics) or any(name.startswith("event:") for name in named)
    has_visit_part = bool(SESSION_METRICS & metrics) or bool(set(VISIT_ONLY_COLUMNS) & set(named))
    if not has_event_part or not has_visit_part:
        return has_event_part
    return bool(EVENT_METRICS & metrics) or by_event


# --- Rows --------------------------------------------------------------------------------------------------------


def events_of(asked: Asked, filters: list[Node]) -> list[tuple[Row, Row]]:
    """Events of the period that match, each with its visit."""
    return [
        (event, visit)
        for visit in asked.world.visits
        for event in visit["rows"]
        if asked.span.holds(event["timestamp"])
        and all(holds(node, event, visit, asked.world, asked.span) for node in filters)
    ]


def visits_of(asked: Asked, filters: list[Node]) -> list[Row]:
    """Visits active in the period; all conditions about events hold for one of their events in it."""
    span = asked.span
    plain = [node for node in filters if not is_about_events(node)]
    of_event = [node for node in filters if is_about_events(node)]

    def matches(visit: Row) -> bool:
        here = [event for event in visit["rows"] if span.holds(event["timestamp"])]
        return all(holds(node, {}, visit, asked.world, span) for node in plain) and (
            not of_event or any(all(holds(node, e, visit, asked.world, span) for node in of_event) for e in here)
        )

    return [v for v in asked.world.visits if v["timestamp"] >= span.first and v["start"] <= span.last and matches(v)]


# --- Groups ------------------------------------------------------------------------------------------------------


def _event_keys(asked: Asked, event: Row, visit: Row) -> list[Key]:
    return list(product(*(_event_values(asked, name, event, visit) for name in asked.dimensions)))


def _event_values(asked: Asked, name: str, event: Row, visit: Row) -> list[Any]:
    if name.startswith("time:"):
        return [bucket(name, event["timestamp"], asked.span)]
    if name == "event:goal":
        return [goal for goal in chosen_goals(asked) if completes(event, asked.world.goals[goal])]
    if name.startswith(PROPS):
        return [event["props"].get(name.removeprefix(PROPS), "(none)")]
    return [label(name, (visit if name in VISIT_ONLY_COLUMNS else event)[COLUMNS[name]])]


def chosen_goals(asked: Asked) -> list[str]:
    """The goals that every top-level filter on goals lets through."""
    chosen = top(asked.filters, "event:goal")
    return [name for name in asked.world.goals if all(names(node, name) for node in chosen)]


def label(name: str, value: Any) -> Any:
    if name.endswith("_name") and name != "event:name":
        return PLACE_NAMES[COLUMNS[name]].get(str(value), "")
    return EMPTY_LABELS.get(name, value) if value == "" else value


def _visits_by_key(asked: Asked, *, smears: bool) -> list[tuple[Key, Row, bool]]:
    """Every key with a visit of it, and whether it is there because the visit was active then or because it ended."""
    by_page = PAGE in asked.dimensions
    filters = [renamed(node, PAGE, ENTRY_PAGE) for node in asked.attributed] if by_page else asked.attributed
    renaming = replace(asked, dimensions=[ENTRY_PAGE if name == PAGE else name for name in asked.dimensions])
    kinds = (False, True) if smears else (False,)
    return [
        (key, visit, is_smeared)
        for visit in visits_of(asked, filters)
        for is_smeared in kinds
        for key in _visit_keys(renaming, visit, is_smeared=is_smeared)
    ]


def _visit_keys(asked: Asked, visit: Row, *, is_smeared: bool) -> list[Key]:
    return list(product(*(_visit_values(asked, name, visit, is_smeared=is_smeared) for name in asked.dimensions)))


def _visit_values(asked: Asked, name: str, visit: Row, *, is_smeared: bool) -> list[Any]:
    if name.startswith("time:"):
        return _visit_buckets(asked, name, visit, is_smeared=is_smeared)
    return [label(name, visit[COLUMNS[name]])]


def _visit_buckets(asked: Asked, name: str, visit: Row, *, is_smeared: bool) -> list[str]:
    span = asked.span
    if not is_smeared:
        return [bucket(name, visit["timestamp"], span)] if visit["timestamp"] <= span.last else []
    width = SMEAR_SECONDS[name]
    first, last = max(visit["start"], span.first), min(visit["timestamp"], span.last)
    slots = range(first // width, last // width + 1)
    return list(dict.fromkeys(bucket(name, slot * width, span) for slot in slots))
