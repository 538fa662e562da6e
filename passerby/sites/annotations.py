"""Annotations: notes on moments of a site's graph. Who may touch which is decided here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.sites.access import Capability, SiteAccess
from passerby.sites.changes import lock_site, site_change
from passerby.sites.models import Annotation, AnnotationType, Granularity, Site, row_id

ANNOTATIONS_MAX = 500
NOTE_BYTES_MAX = 255


class AnnotationRefused(Refusal):
    """An annotation breaks a rule."""

    code = "annotation_refused"


class AnnotationForbidden(Refusal):
    """The caller's role does not reach that far, or the site is full."""

    status = 403
    code = "annotation_forbidden"


class AnnotationNotFound(Refusal):
    """There is no such annotation for this caller."""

    status = 404
    code = "annotation_not_found"


def visible_annotations(access: SiteAccess) -> "QuerySet[Annotation]":
    """The annotations a caller sees, latest moment first: the site's, and their own."""
    seen = Q(type=AnnotationType.SITE)
    if access.user is not None:
        seen |= Q(owner=access.user)
    return Annotation.objects.filter(seen, site=access.site).select_related("owner").order_by("-moment", "-id")


def find_annotation(access: SiteAccess, annotation_id: str) -> Annotation:
    """One annotation a caller sees.

    Raises: AnnotationNotFound.
    """
    annotation = visible_annotations(access).filter(pk=row_id(annotation_id)).first()
    if annotation is None:
        raise AnnotationNotFound(f'Annotation not found with ID "{annotation_id}"')
    return annotation


def create_annotation(
    access: SiteAccess, given: Mapping[str, Any], *, moment: datetime, granularity: Granularity, now: datetime
) -> Annotation:
    """A new annotation of the caller's.

    Raises: AnnotationForbidden, AnnotationRefused.
    """
    kind = _kind(given.get("type"))
    _allow(access, kind, "create annotation")
    note = _note(given.get("note"))
    with site_change():
        lock_site(access.site)
        if access.site.annotations.count() >= ANNOTATIONS_MAX:
            raise AnnotationForbidden("Annotations limit reached")
        return Annotation.objects.create(
            site=access.site,
            note=note,
            type=kind,
            moment=moment,
            granularity=granularity,
            owner=access.user,
            inserted_at=now,
            updated_at=now,
        )


def change_annotation(
    access: SiteAccess,
    annotation: Annotation,
    given: Mapping[str, Any],
    *,
    placed: tuple[datetime, Granularity] | None,
    now: datetime,
) -> Annotation:
    """Change what is given, `placed` being its new moment; the editor becomes the owner.

    Raises: AnnotationForbidden, AnnotationRefused.
    """
    # "segment" is Plausible's word here, and clients compare it.
    _allow(access, AnnotationType(annotation.type), "edit segment")
    if "type" in given:
        annotation.type = _kind(given["type"])
        _allow(access, AnnotationType(annotation.type), "edit segment")
    if "note" in given:
        annotation.note = _note(given["note"])
    if placed is not None:
        annotation.moment, annotation.granularity = placed
    annotation.owner = access.user
    annotation.updated_at = now
    annotation.save()
    return annotation


def delete_annotation(access: SiteAccess, annotation: Annotation) -> None:
    """Delete an annotation.

    Raises: AnnotationForbidden.
    """
    _allow(access, AnnotationType(annotation.type), "delete segment")
    Annotation.objects.filter(pk=annotation.pk).delete()  # By key: the caller still shows what was deleted.


def forget_notes_of(site: Site, user: User) -> None:
    """Somebody lost access: their personal annotations go, the site's lose their owner."""
    site.annotations.filter(owner=user, type=AnnotationType.PERSONAL).delete()
    site.annotations.filter(owner=user).update(owner=None)


def _allow(access: SiteAccess, kind: AnnotationType, what: str) -> None:
    needed = Capability.SITE_ANNOTATIONS if kind is AnnotationType.SITE else Capability.PERSONAL_ANNOTATIONS
    if access.user is None or not access.can(needed):
        raise AnnotationForbidden(f"Not enough permissions to {what}")


def _kind(value: object) -> AnnotationType:
    if not isinstance(value, str) or value not in set(AnnotationType):
        raise AnnotationRefused("type is invalid", field="type")
    return AnnotationType(value)


def _note(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise AnnotationRefused("note can't be blank", field="note")
    if len(value.encode()) > NOTE_BYTES_MAX:
        raise AnnotationRefused(f"note should be at most {NOTE_BYTES_MAX} byte(s)", field="note")
    return value
