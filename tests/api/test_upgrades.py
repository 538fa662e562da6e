"""What an upgrade makes of the rows that are there."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from passerby.accounts.models import User
from passerby.sites.models import Site
from tests.support import cast


def test_a_site_that_did_not_count_visitors_is_known_to_have_such_events(ann: User, site: Site) -> None:
    uncounted = cast.site(ann, domain="quiet.example")
    Site.objects.filter(pk=uncounted.pk).update(counts_visitors=False, has_uncounted=False)
    upgrade = import_module("passerby.sites.migrations.0003_has_uncounted").Migration("0003", "sites")

    upgrade.operations[-1].code(apps, connection.schema_editor())

    assert Site.objects.get(pk=uncounted.pk).has_uncounted
    assert not Site.objects.get(pk=site.pk).has_uncounted
