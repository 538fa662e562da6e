"""Segments: saved, named sets of filters. Who may touch which is decided here; what a filter is, by `query`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.sites.access import Capability, SiteAccess
from passerby.sites.changes import lock_site, site_change
from passerby.sites.models import Segment, SegmentType, Site, row_id

SEGMENTS_MAX = 500
NAME_BYTES_MAX = 255
DATA_BYTES_MAX = 5 * 1024


class SegmentRefused(Refusal):
    """A segment breaks a rule."""

    code = "segment_refused"


class SegmentForbidden(Refusal):
    """The caller's role does not reach that far."""

    status = 403
    code = "segment_forbidden"


class SegmentNotFound(Refusal):
    """There is no such segment for this caller."""

    status = 404
    code = "segment_not_found"


def visible_segments(access: SiteAccess) -> "QuerySet[Segment]":
    """The segments a caller sees: the site's, and their own. A link that is limited to one sees that one alone."""
    seen = Q(type=SegmentType.SITE)
    if access.shared_link is not None and access.shared_link.segment_id is not None:
        seen = Q(pk=access.shared_link.segment_id)
    if access.user is not None:
        seen |= Q(owner=access.user)
    return Segment.objects.filter(seen, site=access.site).select_related("owner").order_by("-updated_at", "-id")


def find_segment(access: SiteAccess, segment_id: str) -> Segment:
    """One segment a caller sees.

    Raises: SegmentNotFound.
    """
    segment = visible_segments(access).filter(pk=row_id(segment_id)).first()
    if segment is None:
        raise SegmentNotFound(f'Segment not found with ID "{segment_id}"')
    return segment


def create_segment(access: SiteAccess, given: Mapping[str, Any], *, now: datetime) -> Segment:
    """A new segment of the caller's. The filters have been checked.

    Raises: SegmentForbidden, SegmentRefused.
    """
    kind = _kind(given.get("type"))
    _allow(access, kind, "create")
    name = _name(given.get("name"))
    data = check_segment_data(given.get("segment_data"))
    with site_change():
        lock_site(access.site)
        if access.site.segments.count() >= SEGMENTS_MAX:
            raise SegmentForbidden("Segment limit reached")
        return Segment.objects.create(
            site=access.site,
            name=name,
            type=kind,
            segment_data=data,
            owner=access.user,
            inserted_at=now,
            updated_at=now,
        )


def change_segment(access: SiteAccess, segment: Segment, given: Mapping[str, Any], *, now: datetime) -> Segment:
    """Change what is given; the editor becomes the owner.

    Raises: SegmentForbidden, SegmentRefused.
    """
    _allow(access, SegmentType(segment.type), "edit")
    if "type" in given:
        segment.type = _kind(given["type"])
        _allow(access, SegmentType(segment.type), "edit")
    if "name" in given:
        segment.name = _name(given["name"])
    if "segment_data" in given:
        segment.segment_data = check_segment_data(given["segment_data"])
    segment.owner = access.user
    segment.updated_at = now
    segment.save()
    return segment


def delete_segment(access: SiteAccess, segment: Segment) -> None:
    """Delete a segment and the shared links that are limited to it.

    Raises: SegmentForbidden.
    """
    _allow(access, SegmentType(segment.type), "delete")
    Segment.objects.filter(pk=segment.pk).delete()  # By key: the caller still shows what was deleted.


def names_of_links(access: SiteAccess, segment: Segment) -> list[str]:
    """The shared links that are limited to a segment, oldest first.

    Raises: SegmentForbidden.
    """
    if not access.can(Capability.PERSONAL_SEGMENTS):
        raise SegmentForbidden("Not enough permissions to get related shared links")
    return list(segment.shared_links.order_by("id").values_list("name", flat=True))


def forget_member(site: Site, user: User) -> None:
    """Somebody lost access: their personal segments go, the site's lose their owner."""
    site.segments.filter(owner=user, type=SegmentType.PERSONAL).delete()
    site.segments.filter(owner=user).update(owner=None)


def check_segment_data(data: object) -> dict[str, Any]:
    """The stored shape: `filters`, perhaps `labels`, and nothing else, within the size limit.

    Raises: SegmentRefused.
    """
    if not isinstance(data, dict):
        raise SegmentRefused("segment_data is invalid", field="segment_data")
    filters = data.get("filters")
    if not isinstance(filters, list) or not filters:
        raise SegmentRefused(
            'segment_data property "filters" must be an array with at least one member', field="segment_data"
        )
    if set(data) - {"filters", "labels"}:
        raise SegmentRefused(
            'segment_data must not contain any other property except "filters" and "labels"', field="segment_data"
        )
    if not isinstance(data.get("labels"), dict | None):
        raise SegmentRefused('segment_data property "labels" must be map or nil', field="segment_data")
    if len(msgspec.json.encode(data)) > DATA_BYTES_MAX:
        raise SegmentRefused(f"segment_data should be at most {DATA_BYTES_MAX} byte(s)", field="segment_data")
    return data


def _allow(access: SiteAccess, kind: SegmentType, verb: str) -> None:
    needed = Capability.SITE_SEGMENTS if kind is SegmentType.SITE else Capability.PERSONAL_SEGMENTS
    if access.user is None or not access.can(needed):
        raise SegmentForbidden(f"Not enough permissions to {verb} segment")


def _kind(value: object) -> SegmentType:
    if not isinstance(value, str) or value not in set(SegmentType):
        raise SegmentRefused("type is invalid", field="type")
    return SegmentType(value)


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SegmentRefused("name can't be blank", field="name")
    if len(value.encode()) > NAME_BYTES_MAX:
        raise SegmentRefused(f"name should be at most {NAME_BYTES_MAX} byte(s)", field="name")
    return value
