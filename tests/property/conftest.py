import pytest

from passerby.store.store import Store


@pytest.fixture(scope="session")
def store(embedded: Store) -> Store:
    return embedded
