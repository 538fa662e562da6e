"""Telling ingest that a rule changed: a counter in the same transaction, a refresh once it is committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from passerby.sites.directory import refresh_all
from passerby.sites.models import DirectoryRevision, Site


@contextmanager
def site_change() -> Iterator[None]:
    """A transaction after which the site directory, here and in other processes, is read again."""
    with transaction.atomic():
        yield
        if not DirectoryRevision.objects.filter(pk=1).update(value=F("value") + 1):
            DirectoryRevision.objects.create(pk=1, value=1)
        transaction.on_commit(refresh_all)


def lock_site(site: Site) -> None:
    """Hold a site's row until the transaction ends, so that limits and uniqueness over its records hold in a race."""
    Site.objects.select_for_update().get(pk=site.pk)
