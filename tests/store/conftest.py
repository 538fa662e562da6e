from collections.abc import Iterator

import pytest

from passerby.store.store import Store
from tests.support.clickhouse_http import serve_engine
from tests.support.stores import number


@pytest.fixture(scope="session")
def remote(embedded: Store) -> Iterator[Store]:
    """The same engine reached as a server is: through the unmodified HTTP client."""
    with serve_engine(embedded) as store:
        yield store


@pytest.fixture(params=["embedded", "remote"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def site_id() -> int:
    return number()
