"""The one engine of a test process: chDB has room for a single folder, so every test that needs rows shares it."""

from collections.abc import Iterator

import pytest

from passerby.store.store import Store


@pytest.fixture(scope="session")
def embedded() -> Iterator[Store]:
    from tests.support.stores import open_store

    with open_store() as store:
        yield store
