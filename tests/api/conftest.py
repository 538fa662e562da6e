"""Every API test has a database of its own, cheap passwords and an empty throttle."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from passerby import runtime
from passerby.accounts.models import User
from passerby.sites.models import Site
from passerby.store.store import Store
from tests.support import cast
from tests.support.statistics import NoStatistics


@pytest.fixture(autouse=True)
def _quick_and_clean(db: None, settings: Any) -> None:  # noqa: ARG001 - `db` is asked for its effect.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def ann() -> User:
    return cast.person("Ann")


@pytest.fixture
def bob() -> User:
    return cast.person("Bob")


@pytest.fixture
def cy() -> User:
    return cast.person("Cy")


@pytest.fixture
def site(ann: User) -> Site:
    return cast.site(ann)


@pytest.fixture
def api(ann: User) -> cast.Api:
    return cast.Api.of(ann)


@pytest.fixture
def statistics(settings: Any) -> Iterator[NoStatistics]:
    double: Any = NoStatistics()
    runtime.install(runtime.Runtime(settings=settings.PASSERBY, store=double, directory=double, ingest=double))
    yield double
    runtime.install(None)


@pytest.fixture
def counted(settings: Any, embedded: Store) -> Iterator[Store]:
    """A running process whose store is real; nothing is ingested."""
    double: Any = NoStatistics()
    runtime.install(runtime.Runtime(settings=settings.PASSERBY, store=embedded, directory=double, ingest=double))
    yield embedded
    runtime.install(None)
