"""Journeys, by walking every visitor's path."""

from typing import Any

from tests.support.reference.asked import Asked
from tests.support.reference.conditions import is_like
from tests.support.reference.funnels import by_visitor
from tests.support.reference.world import Row

END = ("__journey_end__", "")
END_LABEL = "No further action"
Step = dict[str, Any]
Element = tuple[str, str]
Offer = tuple[str, str, str]  # What it is, its name, its path.


def reached(asked: Asked, steps: list[Step], *, is_backward: bool) -> list[int]:
    """How many visitors took the first steps, for each number of them."""
    paths = _paths(asked, steps, is_backward=is_backward).values()
    return [sum(any(True for _ in _places(path, steps[:n])) for path in paths) for n in range(1, len(steps) + 1)]


def candidates(asked: Asked, steps: list[Step], *, is_backward: bool, search: str, limit: int) -> list[dict[str, Any]]:
    """What follows the steps, most visitors first."""
    visitors: dict[Offer, set[int]] = {}
    elements: dict[Offer, set[Element]] = {}
    for visitor, path in _paths(asked, steps, is_backward=is_backward).items():
        for place in _places(path, steps):
            after = path[place + len(steps)] if place + len(steps) < len(path) else END
            if steps or after != END:
                for offer in _offers(asked, after):
                    visitors.setdefault(offer, set()).add(visitor)
                    elements.setdefault(offer, set()).add(after)
    known = [offer for offer in visitors if offer[0] != "group" or len(elements[offer]) > 1]
    found = [offer for offer in known if _is_searched(asked, offer, search)]
    counts = {offer: (len(visitors[offer]), len(elements[offer])) for offer in found}
    shown = [offer for offer in found if not _says_nothing_new(offer, counts)]
    ordered = sorted(shown, key=lambda offer: (-counts[offer][0], offer[2], offer[1], offer[0]))
    return [_shown(asked, offer, *counts[offer]) for offer in ordered[:limit]]


# --- Paths -------------------------------------------------------------------------------------------------------


def _paths(asked: Asked, steps: list[Step], *, is_backward: bool) -> dict[int, list[Element]]:
    paths = {visitor: _path(asked, events, steps) for visitor, events in by_visitor(asked).items()}
    return {visitor: path[::-1] if is_backward else path for visitor, path in paths.items()}


def _path(asked: Asked, events: list[Row], steps: list[Step]) -> list[Element]:
    paid = {goal["event"] for goal in asked.world.goals.values() if goal.get("currency")}
    path: list[Element] = []
    for event in events:
        if event["name"] != "engagement" and event["name"] not in paid:
            element = _folded(event, steps)
            path += [element] if path[-1:] != [element] else []
    return path


def _folded(event: Row, steps: list[Step]) -> Element:
    """A page, or the first wide step that covers it."""
    if event["name"] != "pageview":
        return event["name"], ""
    page = event["pathname"].rstrip("/") or "/"
    return "pageview", next((step["pathname"] for step in steps if _covers(step, page)), page)


def _covers(step: Step, page: str) -> bool:
    path = step.get("pathname") or ""
    if step.get("includes_subpaths"):
        return bool(page == path or page.startswith(f"{path}/"))
    return bool(step.get("is_goal") and "*" in path and is_like(page, path))


def _places(path: list[Element], steps: list[Step]) -> list[int]:
    wanted = [(step["name"], step.get("pathname") or "") for step in steps]
    return [n for n in range(len(path)) if path[n : n + len(wanted)] == wanted]


# --- Candidates --------------------------------------------------------------------------------------------------


def _goals(asked: Asked) -> dict[str, Row]:
    """The goals that a single step can be."""
    return {
        name: goal
        for name, goal in asked.world.goals.items()
        if not goal.get("currency") and "scroll" not in goal and not goal.get("props")
    }


def _offers(asked: Asked, element: Element) -> list[Offer]:
    name, page = element
    if element == END:
        return [("end", *END)]
    if name != "pageview":
        return [("event", name, "")]
    parts = [part for part in page.split("/") if part]
    above = [("group", name, "/" + "/".join(parts[:n])) for n in range(1, len(parts) + 1)]
    wide = [goal["page"] for goal in _goals(asked).values() if "*" in goal.get("page", "")]
    return [("page", name, page), *above, *(("goal", name, path) for path in wide if is_like(page, path))]


def _label(asked: Asked, offer: Offer) -> str:
    kind, name, path = offer
    if kind == "end":
        return END_LABEL
    goal = _goal_of(asked, offer)
    return goal or path or name


def _goal_of(asked: Asked, offer: Offer) -> str | None:
    kind, name, path = offer
    for called, goal in _goals(asked).items():
        if (kind == "event" and goal.get("event") == name) or (kind in {"page", "goal"} and goal.get("page") == path):
            return called
    return None


def _is_searched(asked: Asked, offer: Offer, search: str) -> bool:
    wanted = search.lower()
    texts = (_label(asked, offer), offer[2] or offer[1] if offer[0] != "end" else "")
    return len(wanted) <= 2 or any(wanted in text.lower() for text in texts)


def _says_nothing_new(offer: Offer, counts: dict[Offer, tuple[int, int]]) -> bool:
    """A directory with a directory in it that has all of its visitors and pages."""
    within = [other for other in counts if other[0] == "group" and other[2].startswith(f"{offer[2]}/")]
    return offer[0] == "group" and any(counts[other] == counts[offer] for other in within)


def _shown(asked: Asked, offer: Offer, visitors: int, pages: int) -> dict[str, Any]:
    kind, name, path = offer
    is_group = kind == "group"
    step = {
        "name": name,
        "pathname": path,
        "label": _label(asked, offer),
        "includes_subpaths": is_group,
        "is_goal": _goal_of(asked, offer) is not None,
        "subpaths_count": pages if is_group else 0,
    }
    return {"step": step, "visitors": visitors}
