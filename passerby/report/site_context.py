"""What a question needs to know about its site, read from the sites room: the only bridge between the two."""

from passerby.query.imports import IMPORTS_MAX
from passerby.query.site import Goal, Import, QuerySite
from passerby.sites.models import Segment, Site
from passerby.sites.selectors import completed_imports

ALWAYS_ALLOWED_PROPS = ("url", "path", "search_query")  # Props of events that the script sends by itself.


def query_site(site: Site) -> QuerySite:
    """One site as `query` sees it: four small look-ups."""
    return QuerySite(
        id=site.pk,
        domain=site.domain,
        timezone=site.timezone,
        goals=_goals(site),
        imports=_imports(site),
        segments=_segments(site),
        allowed_props=_allowed_props(site),
        allowed_hostnames=_allowed_hostnames(site),
        legacy_time_on_page_cutoff=site.legacy_time_on_page_cutoff,
        counts_visitors=site.counts_visitors,
        has_uncounted=site.has_uncounted,
    )


def _goals(site: Site) -> tuple[Goal, ...]:
    return tuple(
        Goal(
            id=goal.pk,
            display_name=goal.display_name,
            event_name=goal.event_name,
            page_path=goal.page_path,
            scroll_threshold=goal.scroll_threshold,
            currency=goal.currency,
            custom_props=goal.custom_props,
        )
        for goal in site.goals.order_by("id")
    )


def _imports(site: Site) -> tuple[Import, ...]:
    return tuple(
        Import(id=row.pk, start_on=row.start_on, end_on=row.end_on, has_scroll_depth=row.has_scroll_depth)
        for row in completed_imports(site).order_by("-id")[:IMPORTS_MAX]
        if row.start_on is not None and row.end_on is not None
    )


def _segments(site: Site) -> dict[int, list[object]]:
    stored = Segment.objects.filter(site=site).values_list("id", "segment_data")
    return {segment_id: data.get("filters", []) for segment_id, data in stored}


def _allowed_props(site: Site) -> tuple[str, ...] | None:
    if site.allowed_props is None:
        return None
    return tuple(sorted({*site.allowed_props, *ALWAYS_ALLOWED_PROPS}))


def _allowed_hostnames(site: Site) -> tuple[str, ...]:
    return tuple(site.shields.filter(kind="hostname").order_by("id").values_list("value", flat=True))
