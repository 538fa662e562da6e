"""Funnels over HTTP: `/api/stats/{domain}/funnels`, saved ones by id, others by definition. Thin on purpose."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from passerby.errors import Refusal
from passerby.query.funnels import STEPS_MAX, STEPS_MIN, Funnel, FunnelType, FunnelUnavailable, answer_funnel
from passerby.query.site import Goal
from passerby.query.uncounted import VisitorsNotCounted
from passerby.report.api.dashboard_question import Asked, asked_by_address, asked_by_body
from passerby.report.api.http import json_answer, render_refusal
from passerby.report.api.refusals import BadRequest, NotFound
from passerby.sites.access import Capability
from passerby.sites.goals import GoalRefused, parse_goal
from passerby.sites.models import Funnel as StoredFunnel
from passerby.sites.models import row_id

DEFINITION = frozenset({"name", "funnel_type", "steps"})
STEP = frozenset({"event_name", "page_path", "display_name", "scroll_threshold", "custom_props"})
NAME_CHARACTERS_MAX = 255
UNSAVED = 0  # The id of a goal that has none.


def funnel_by_address(request: HttpRequest, domain: str, funnel_id: str) -> HttpResponse:
    """GET: a saved funnel under the period and filters of the address."""
    return json_answer(_answer_saved(asked_by_address(request, domain), funnel_id, other_type=None))


def funnel_by_body(request: HttpRequest, domain: str, funnel_id: str) -> HttpResponse:
    """POST: the same, the dashboard's question as a body, perhaps with another `funnel_type` than the saved one."""
    asked = asked_by_body(request, domain, extra=frozenset({"funnel_type"}))
    return json_answer(_answer_saved(asked, funnel_id, other_type=asked.extra.get("funnel_type")))


def unsaved_funnel(request: HttpRequest, domain: str) -> HttpResponse:
    """POST: a funnel that is not saved, defined in `funnel`, for those who could save it."""
    asked = asked_by_body(request, domain, extra=frozenset({"funnel"}), capability=Capability.SET_UP)
    funnel = _defined(asked.extra.get("funnel"), asked.site.goals)
    return json_answer(answer_funnel(funnel, asked.query, asked.site, asked.store))


def render(refusal: Refusal) -> HttpResponse:
    """The dashboard shows a funnel that makes no sense under its filters or period as a note, not as a fault."""
    if isinstance(refusal, (FunnelUnavailable, VisitorsNotCounted)):
        body = {"error": refusal.message, "level": "normal"}
        return json_answer(body, status=refusal.status, headers={"Error-Code": refusal.code})
    return render_refusal(refusal)


def _answer_saved(asked: Asked, funnel_id: str, *, other_type: object) -> object:
    stored = asked.access.site.funnels.filter(pk=row_id(funnel_id)).first()
    if stored is None:
        raise NotFound("Funnel not found")
    funnel = Funnel(name=stored.name, steps=_steps(stored, asked.site.goals), type=_type(other_type, stored.type))
    return answer_funnel(funnel, asked.query, asked.site, asked.store)


def _steps(stored: StoredFunnel, goals: tuple[Goal, ...]) -> tuple[Goal, ...]:
    known = {goal.id: goal for goal in goals}
    return tuple(known[step.goal_id] for step in stored.steps.all())


def _type(value: object, default: str = FunnelType.SEQUENTIAL) -> FunnelType:
    if value is None:
        return FunnelType(default)
    if not isinstance(value, str) or value not in set(FunnelType):
        raise BadRequest(f"funnel_type: one of {', '.join(FunnelType)}", field="funnel_type")
    return FunnelType(value)


# --- Unsaved funnels ---------------------------------------------------------------------------------------------


def _defined(given: object, goals: tuple[Goal, ...]) -> Funnel:
    """The funnel a body defines; its steps are goals of the site, or definitions of goals that are not saved.

    Raises: BadRequest, GoalRefused.
    """
    if not isinstance(given, dict) or set(given) - DEFINITION:
        raise BadRequest(f"funnel: must be an object of {', '.join(sorted(DEFINITION))}", field="funnel")
    name = given.get("name", "")
    if not isinstance(name, str) or len(name) > NAME_CHARACTERS_MAX:
        raise BadRequest(f"name: must be at most {NAME_CHARACTERS_MAX} characters", field="name")
    steps = given.get("steps")
    if not isinstance(steps, list) or len(steps) < STEPS_MIN:
        raise BadRequest(f"steps: should have at least {STEPS_MIN} item(s)", field="steps")
    if len(steps) > STEPS_MAX:
        raise BadRequest(f"steps: should have no more than {STEPS_MAX} item(s)", field="steps")
    parsed = tuple(_step(step, index, goals) for index, step in enumerate(steps))
    return Funnel(name=name, steps=parsed, type=_type(given.get("funnel_type")))


def _step(given: Any, index: int, goals: tuple[Goal, ...]) -> Goal:
    match given:
        case {"goal_id": goal_id, **others} if not others:
            found = next((goal for goal in goals if goal.id == goal_id), None)
            if found is None:
                raise BadRequest(f"steps[{index}]: the site has no such goal", field="steps")
            return found
        case dict() if not set(given) - STEP:
            return _unsaved(given, index)
        case _:
            # No currency: amounts are converted when they arrive, into that of the goal that is saved by then.
            raise BadRequest(f"steps[{index}]: must have goal_id, or some of {', '.join(sorted(STEP))}", field="steps")


def _unsaved(given: dict[str, Any], index: int) -> Goal:
    try:
        draft = parse_goal(given)
    except GoalRefused as problem:
        raise BadRequest(f"steps[{index}]: {problem.message}", field="steps") from problem
    return Goal(
        id=UNSAVED,
        display_name=draft.display_name,
        event_name=draft.event_name,
        page_path=draft.page_path,
        scroll_threshold=draft.scroll_threshold,
        custom_props=draft.custom_props,
    )
