"""Funnels: two to eight of a site's goals, in order."""

from collections.abc import Sequence

from django.db import IntegrityError

from passerby.errors import Refusal
from passerby.sites.changes import lock_site, site_change
from passerby.sites.goals import GoalDraft, find_or_create_goal
from passerby.sites.models import Funnel, FunnelStep, FunnelType, Site

FUNNELS_MAX = 500
STEPS_MIN = 2
STEPS_MAX = 8
NAME_CHARACTERS_MAX = 255


class FunnelRefused(Refusal):
    """A funnel breaks a rule."""

    code = "funnel_refused"


def find_or_create_funnel(
    site: Site, *, name: str, steps: Sequence[GoalDraft], kind: FunnelType | None = None
) -> Funnel:
    """The site's funnel called `name`, made when there is none, with the goals it needs; all or nothing.

    `kind` also changes the type of a funnel that is there; None leaves it, and a new one is sequential.

    Raises: FunnelRefused, GoalRefused.
    """
    cleaned = name.strip()
    if not cleaned or len(cleaned) > NAME_CHARACTERS_MAX:
        raise FunnelRefused(f"name: must be 1 to {NAME_CHARACTERS_MAX} characters", field="name")
    _check_size(steps)
    with site_change():
        lock_site(site)
        found = site.funnels.filter(name=cleaned).first()
        if found is not None:
            return _retyped(found, kind)
        if site.funnels.count() >= FUNNELS_MAX:
            raise FunnelRefused("name: Maximum number of funnels reached", field="name")
        goals = [find_or_create_goal(site, draft) for draft in steps]
        if len({goal.pk for goal in goals}) < len(goals):
            raise FunnelRefused("steps: a goal can be in a funnel only once", field="steps")
        try:
            funnel = Funnel.objects.create(site=site, name=cleaned, type=kind or FunnelType.SEQUENTIAL)
        except IntegrityError as problem:
            raise FunnelRefused("name: has already been taken", field="name") from problem
        FunnelStep.objects.bulk_create(
            FunnelStep(funnel=funnel, goal=goal, step_order=place) for place, goal in enumerate(goals, start=1)
        )
        return funnel


def _retyped(funnel: Funnel, kind: FunnelType | None) -> Funnel:
    if kind is not None and funnel.type != kind:
        funnel.type = kind
        funnel.save(update_fields=["type"])
    return funnel


def _check_size(steps: Sequence[GoalDraft]) -> None:
    if len(steps) < STEPS_MIN:
        raise FunnelRefused(f"steps: should have at least {STEPS_MIN} item(s)", field="steps")
    if len(steps) > STEPS_MAX:
        raise FunnelRefused(f"steps: should have no more than {STEPS_MAX} item(s)", field="steps")
