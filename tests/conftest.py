"""The one engine of a test process: chDB has room for a single folder, so every test that needs rows shares it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from passerby.store.store import Store


@pytest.fixture(scope="session")
def embedded() -> Iterator[Store]:
    from tests.support.stores import open_store

    with open_store() as store:
        yield store


# How fast a machine makes examples is not what a test is about, and the first texts of a fresh clone build a table.
settings.register_profile("any-machine", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
