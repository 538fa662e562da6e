import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.server import Server

Prepare = Callable[..., tuple[Server, str]]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with a user, a key and a site, made once: each test gets a copy."""
    home = tmp_path_factory.mktemp("template")
    with Server(home) as server:
        key = server.admin()
        server.site(key)
    return server.data, key


@pytest.fixture
def prepare(template: tuple[Path, str], tmp_path: Path) -> Prepare:
    """`prepare(**environ)` copies the template into this test's folder; the server is not started yet."""

    def prepared(**environ: str) -> tuple[Server, str]:
        data, key = template
        shutil.copytree(data, tmp_path / "data", dirs_exist_ok=True, symlinks=True)
        return Server(tmp_path, environ={"PASSERBY_SALT_FOLDER": str(tmp_path / "salts"), **environ}), key

    return prepared
