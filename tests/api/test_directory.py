import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from passerby.accounts.models import User
from passerby.sites import directory as directory_module
from passerby.sites.directory import Directory
from passerby.sites.goals import find_or_create_goal, parse_goal
from passerby.sites.models import DirectoryRevision, Site
from passerby.sites.services import change_site, delete_site
from passerby.sites.shields import add_shield
from tests.support import cast
from tests.support.cast import DOMAIN, NOON

pytestmark = pytest.mark.django_db(transaction=True)  # Refreshing happens at a real commit.


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    """A directory that hears of commits and does not poll: the test decides when."""
    monkeypatch.setattr(threading.Thread, "start", lambda _: None)
    opened = Directory.open()
    monkeypatch.undo()
    yield opened
    opened.close()


def test_a_new_site_is_known_at_its_commit(directory: Directory, ann: User) -> None:
    assert directory.site_of(DOMAIN) is None

    site = cast.site(ann)

    found = directory.site_of(DOMAIN)
    assert found is not None
    assert (found.id, found.domain) == (site.pk, DOMAIN)
    config = directory.tracker_config_of(site.tracker.script_id)
    assert config is not None
    assert (config.domain, config.outbound_links) == (DOMAIN, False)


def test_rules_are_known_at_their_commit(directory: Directory, site: Site) -> None:
    for kind, value in (
        ("ip", "203.0.113.7"),
        ("ip", "198.51.100.0/24"),
        ("country", "FR"),
        ("page", "/admin/**"),
        ("hostname", "*.example.com"),
    ):
        add_shield(site, kind, value, user=None)
    find_or_create_goal(site, parse_goal({"event_name": "Purchase", "currency": "EUR"}))
    change_site(site, {"tracker_script_configuration": {"file_downloads": True}}, now=NOON)

    found = directory.site_of(DOMAIN)
    assert found is not None
    assert {str(address) for address in found.blocked_ips} == {"203.0.113.7"}
    assert [str(network) for network in found.blocked_networks] == ["198.51.100.0/24"]
    assert (found.blocked_countries, found.blocked_pages) == (frozenset({"FR"}), ("/admin/**",))
    assert found.allowed_hostnames == ("*.example.com",)
    assert found.revenue_currencies == {"Purchase": "EUR"}
    config = directory.tracker_config_of(site.tracker.script_id)
    assert config is not None
    assert config.file_downloads is True


def test_a_deleted_site_is_unknown_at_its_commit(directory: Directory, site: Site) -> None:
    script_id = site.tracker.script_id

    delete_site(site)

    assert directory.site_of(DOMAIN) is None
    assert directory.tracker_config_of(script_id) is None


def test_the_old_domain_counts_for_72_hours(directory: Directory, site: Site) -> None:
    change_site(site, {"domain": "new.example.com"}, now=NOON)

    with time_machine.travel(NOON + timedelta(hours=72, seconds=-1), tick=False):
        during = directory.site_of(DOMAIN)
    with time_machine.travel(NOON + timedelta(hours=72), tick=False):
        after = directory.site_of(DOMAIN)

    new = directory.site_of("new.example.com")
    assert new is not None
    assert during == new
    assert after is None


def test_whoever_renamed_a_site_may_use_the_old_domain_at_once(directory: Directory, ann: User, site: Site) -> None:
    change_site(site, {"domain": "new.example.com"}, now=NOON)

    second = cast.site(ann)

    found = directory.site_of(DOMAIN)
    assert found is not None
    assert found.id == second.pk


def test_nobody_else_takes_the_old_domain_while_it_counts(ann: User, cy: User, site: Site) -> None:
    del ann
    change_site(site, {"domain": "new.example.com"}, now=NOON)

    with pytest.raises(Exception, match="cannot be registered"):
        cast.site(cy, now=NOON + timedelta(hours=71))
    cast.site(cy, now=NOON + timedelta(hours=73))


def test_every_change_moves_the_counter_that_other_processes_watch(site: Site) -> None:
    before = DirectoryRevision.objects.get().value

    change_site(site, {"public": True}, now=NOON)

    assert DirectoryRevision.objects.get().value == before + 1


def test_a_change_made_elsewhere_is_noticed_by_polling(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_module, "POLL_SECONDS", 0.02)
    monkeypatch.setattr("passerby.sites.changes.refresh_all", lambda: None)  # As in another process.
    directory = Directory.open()
    try:
        cast.site(ann)
        for _ in range(250):
            if directory.site_of(DOMAIN) is not None:
                break
            threading.Event().wait(0.02)
        assert directory.site_of(DOMAIN) is not None
    finally:
        directory.close()
        connection.close()
