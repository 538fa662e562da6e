from collections.abc import Iterator

import pytest

from passerby.store.store import Store
from tests.support.stores import open_store


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    with open_store() as store:
        yield store
