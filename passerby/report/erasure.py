"""Deleting for good: what an owner set up, and every stored row about the site's visitors."""

from datetime import datetime

from passerby import runtime
from passerby.sites import services
from passerby.sites.models import Site


def delete_site(site: Site) -> None:
    """Delete a site and its stats. The settings go first: then nothing can be counted or asked any more."""
    site_id = services.delete_site(site)
    runtime.current().store.delete_site(site_id)


def reset_stats(site: Site, *, now: datetime) -> None:
    """Delete a site's stats and keep its settings."""
    services.reset_stats(site, now=now)
    runtime.current().store.delete_site(site.pk)
