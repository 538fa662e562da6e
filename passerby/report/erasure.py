"""Deleting for good: what an owner set up, and every stored row about the site's visitors."""

from datetime import datetime

from passerby import runtime
from passerby.ingest.directory import SiteId
from passerby.sites import services
from passerby.sites.models import Site
from passerby.store.erasure import delete_site as delete_rows


def delete_site(site: Site) -> None:
    """Delete a site and its stats. The settings go first: from then on nothing is counted and nobody can ask."""
    _delete_rows(services.delete_site(site))


def reset_stats(site: Site, *, now: datetime) -> None:
    """Delete a site's stats, imported ones too, and keep its settings."""
    services.reset_stats(site, now=now)
    site.imports.all().delete()  # Their rows go with the others; a record without rows would claim days for nothing.
    _delete_rows(site.pk)


def _delete_rows(site_id: int) -> None:
    running = runtime.current()
    running.ingest.settle()  # Events already acknowledged are still on their way to the store.
    running.ingest.forget_site(SiteId(site_id))
    delete_rows(running.store, site_id)
