"""The dashboard's annotations: `/api/{domain}/annotations`, by session or by key.

Callers speak the site's local time; what is stored is an instant, or midnight UTC of a date that is true in any zone.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from passerby.query.ranges import moment_of
from passerby.report.api.auth import authorize_dashboard, authorize_writer
from passerby.report.api.http import json_answer, parameters
from passerby.sites import annotations
from passerby.sites.access import SiteAccess
from passerby.sites.annotations import AnnotationRefused, find_annotation, visible_annotations
from passerby.sites.models import Annotation, Granularity

CHANGEABLE = frozenset({"note", "type", "datetime", "granularity"})
YEAR_MIN, YEAR_MAX = 1970, 2105  # What stored events can say.
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?", re.ASCII)


def list_annotations(request: HttpRequest, domain: str) -> HttpResponse:
    """GET: the annotations the caller sees, latest moment first."""
    access = authorize_dashboard(request, domain)
    return json_answer([describe_annotation(note, access) for note in visible_annotations(access)])


def create_annotation(request: HttpRequest, domain: str) -> HttpResponse:
    """POST: a new annotation."""
    access = authorize_writer(request, domain)
    given = parameters(request)
    moment, granularity = _place(given, access, stored=None)
    made = annotations.create_annotation(access, given, moment=moment, granularity=granularity, now=timezone.now())
    return json_answer(describe_annotation(made, access))


def change_annotation(request: HttpRequest, domain: str, annotation_id: str) -> HttpResponse:
    """PATCH: any of note, type, datetime and granularity."""
    access = authorize_writer(request, domain)
    annotation = find_annotation(access, annotation_id)
    given = parameters(request)
    if not given.keys() & CHANGEABLE:
        raise AnnotationRefused("Invalid request", field="#")
    is_moved = bool(given.keys() & {"datetime", "granularity"})
    placed = _place(given, access, stored=Granularity(annotation.granularity)) if is_moved else None
    annotations.change_annotation(access, annotation, given, placed=placed, now=timezone.now())
    return json_answer(describe_annotation(annotation, access))


def delete_annotation(request: HttpRequest, domain: str, annotation_id: str) -> HttpResponse:
    """DELETE: answers what was deleted."""
    access = authorize_writer(request, domain)
    annotation = find_annotation(access, annotation_id)
    annotations.delete_annotation(access, annotation)
    return json_answer(describe_annotation(annotation, access))


def describe_annotation(annotation: Annotation, access: SiteAccess) -> dict[str, Any]:
    """An annotation as the dashboard reads it. A stranger does not learn whose it is."""
    owner = annotation.owner if access.user is not None else None
    zone = ZoneInfo(access.site.timezone)
    is_date = annotation.granularity == Granularity.DATE
    return {
        "id": annotation.pk,
        "note": annotation.note,
        "type": annotation.type,
        "datetime": annotation.moment.date().isoformat() if is_date else _local(annotation.moment, zone),
        "granularity": annotation.granularity,
        "owner_id": None if owner is None else owner.pk,
        "owner_name": None if owner is None else owner.display_name,
        "inserted_at": _local(annotation.inserted_at, zone),
        "updated_at": _local(annotation.updated_at, zone),
    }


def _place(given: Mapping[str, Any], access: SiteAccess, *, stored: Granularity | None) -> tuple[datetime, Granularity]:
    """The instant a body means, and how exactly it means it.

    Raises: AnnotationRefused.
    """
    granularity = given.get("granularity", stored)
    if not isinstance(granularity, str) or granularity not in set(Granularity):
        raise AnnotationRefused("granularity is invalid", field="granularity")
    text = given.get("datetime")
    if text is None or text == "":
        raise AnnotationRefused("datetime can't be blank", field="datetime")
    moment = _moment(text, Granularity(granularity), ZoneInfo(access.site.timezone)) if isinstance(text, str) else None
    if moment is None or not YEAR_MIN <= moment.year <= YEAR_MAX:
        raise AnnotationRefused("datetime is invalid", field="datetime")
    return moment, Granularity(granularity)


def _moment(text: str, granularity: Granularity, zone: ZoneInfo) -> datetime | None:
    try:
        if granularity is Granularity.DATE:
            return datetime.combine(date.fromisoformat(text), time.min, UTC) if DATE.fullmatch(text) else None
        if not LOCAL_TIME.fullmatch(text):
            return None
        return moment_of(datetime.fromisoformat(text).replace(second=0), zone)
    except (ValueError, OverflowError):  # A date that does not exist, or at the ends of the calendar.
        return None


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
