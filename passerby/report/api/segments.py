"""The dashboard's segments: `/api/{domain}/segments`, by session or by key."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.query.dimensions import SEGMENT
from passerby.query.errors import QueryRefused
from passerby.query.filters import Operator, leaves
from passerby.query.grammar import INTERNAL
from passerby.query.parse import parse_filters
from passerby.query.validate import check_filters
from passerby.report.api.auth import authorize_dashboard, authorize_writer
from passerby.report.api.http import WHOLE_BODY, Parameters, json_answer, parameters
from passerby.sites import segments
from passerby.sites.access import SiteAccess
from passerby.sites.models import Segment
from passerby.sites.segments import SegmentRefused, find_segment, visible_segments

BRANCHES = frozenset({"and", "or", "not", "has_done"})
FLAT = frozenset({*Operator, "has_not_done"})


def list_segments(request: HttpRequest, domain: str) -> HttpResponse:
    """GET: the segments the caller sees, last changed first."""
    access = authorize_dashboard(request, domain)
    return json_answer([describe_segment(segment, access) for segment in visible_segments(access)])


def create_segment(request: HttpRequest, domain: str) -> HttpResponse:
    """POST: a new segment."""
    access = authorize_writer(request, domain)
    given = parameters(request)
    _check_filters(given)
    segment = segments.create_segment(access, given, now=timezone.now())
    return json_answer(describe_segment(segment, access))


def read_segment(request: HttpRequest, domain: str, segment_id: str) -> HttpResponse:
    """GET: one segment."""
    access = authorize_dashboard(request, domain)
    return json_answer(describe_segment(find_segment(access, segment_id), access))


def change_segment(request: HttpRequest, domain: str, segment_id: str) -> HttpResponse:
    """PATCH: any of name, type and segment_data."""
    access = authorize_writer(request, domain)
    segment = find_segment(access, segment_id)
    given = parameters(request)
    if not given.keys() & {"name", "type", "segment_data"}:
        raise SegmentRefused("Invalid request", field=WHOLE_BODY)
    _check_filters(given)
    segments.change_segment(access, segment, given, now=timezone.now())
    return json_answer(describe_segment(segment, access))


def delete_segment(request: HttpRequest, domain: str, segment_id: str) -> HttpResponse:
    """DELETE: the segment and the shared links limited to it; answers what was deleted."""
    access = authorize_writer(request, domain)
    segment = find_segment(access, segment_id)
    segments.delete_segment(access, segment)
    return json_answer(describe_segment(segment, access))


def list_links(request: HttpRequest, domain: str, segment_id: str) -> HttpResponse:
    """GET: the names of the shared links limited to a segment."""
    access = authorize_dashboard(request, domain)
    return json_answer(segments.names_of_links(access, find_segment(access, segment_id)))


def describe_segment(segment: Segment, access: SiteAccess) -> dict[str, Any]:
    """A segment as the dashboard reads it. A stranger does not learn whose it is."""
    owner = segment.owner if access.user is not None else None
    zone = ZoneInfo(access.site.timezone)
    return {
        "id": segment.pk,
        "name": segment.name,
        "type": segment.type,
        "segment_data": segment.segment_data,
        "owner_id": None if owner is None else owner.pk,
        "owner_name": None if owner is None else owner.display_name,
        "inserted_at": _local(segment.inserted_at, zone),
        "updated_at": _local(segment.updated_at, zone),
    }


def _check_filters(given: Parameters) -> None:
    """Refuse filters that no question could use, and trees: a segment is a flat list of conditions.

    Raises: SegmentRefused.
    """
    if "segment_data" not in given:
        return
    for node in segments.check_segment_data(given["segment_data"])["filters"]:
        operator = _operator(node)
        if operator in BRANCHES or (operator == "has_not_done" and _operator(node[-1]) in BRANCHES):
            raise SegmentRefused("segment_data Invalid filters. Deep filters are not supported.", field="segment_data")
        if operator not in FLAT:
            shown = json.dumps(node, ensure_ascii=False)
            raise SegmentRefused(f"segment_data Unknown operator for filter '{shown}'.", field="segment_data")
    try:
        filters = parse_filters(given["segment_data"]["filters"], INTERNAL)
        # A goal it names may be made later, or be gone by then: that is said when the segment is used.
        check_filters(filters)
    except QueryRefused as problem:
        raise SegmentRefused(f"segment_data {problem.message}", field="segment_data") from problem
    if any(place.leaf.dimension == SEGMENT for place in leaves(filters)):
        message = "segment_data Invalid filters. A segment cannot be made of segments."
        raise SegmentRefused(message, field="segment_data")


def _operator(node: object) -> str:
    """The first word of a filter; empty for what is no filter at all."""
    return node[0] if isinstance(node, list) and node and isinstance(node[0], str) else ""


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
