"""From an empty folder to a database that the pages can use.

Safe to run twice, by two processes at once, and beside a running server.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from passerby.accounts.secret import ensure_secret, secret_key_of
from passerby.settings import Settings

MIGRATION_LOCK = 727_274_391  # Any constant: names our PostgreSQL advisory lock.


def prepare(settings: Settings) -> None:
    """Make the data folder and the secret, start Django, bring the tables up to date.

    Django reads the same `PASSERBY_…` environment that `settings` came from.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    ensure_secret(settings)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerby.django_settings")

    import django
    from django.apps import apps
    from django.conf import settings as live_settings

    if not apps.ready:
        django.setup()
    # Django may have been started before there was a folder to keep the secret in.
    live_settings.SECRET_KEY = secret_key_of(settings)
    with _only_one(settings):
        _migrate()


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Hold back other processes of this folder, and of this PostgreSQL database, while the tables change."""
    from django.db import connection

    with (settings.data / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
