"""`passerby demo`: a server with a demo site, seeded through the same code as live events.

The first start makes the account, the site, its goals and sixty days of traffic; later starts find them there.
"""

import argparse
import itertools
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from passerby.ops import serve
from passerby.ops.demo_traffic import GOALS, events
from passerby.ops.setup import start_django
from passerby.settings import Settings, read_settings

if TYPE_CHECKING:
    from passerby.accounts.models import User
    from passerby.sites.models import Site

DOMAIN = "demo.example.com"
EMAIL = "ann@example.com"
BATCH_EVENTS = 20_000
MEASURED = {"outbound_links": True, "file_downloads": True, "track_404_pages": True}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the `passerby` parser."""
    parser = commands.add_parser("demo", help="run a server with a demo site and 60 days of made-up traffic")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--data", help="the data folder (default $PASSERBY_DATA or ./passerby-data)")
    parser.add_argument("--seed-only", action="store_true", help="seed the data folder and stop")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Seed what is missing, say where to look, then serve."""
    if arguments.data:
        os.environ["PASSERBY_DATA"] = str(Path(arguments.data).absolute())
    if arguments.seed_only:
        return _seed_only()
    # In a process of its own: the server should not keep the memory that seeding took.
    seeding = subprocess.run([sys.executable, "-m", "passerby", "demo", "--seed-only"], check=False)
    if seeding.returncode:
        return seeding.returncode
    os.environ.setdefault("PASSERBY_BASE_URL", f"http://{arguments.host}:{arguments.port}")
    start_django(None)
    from passerby.accounts.services import make_login_link

    now = datetime.now(UTC)
    user, site = _people(now)
    link = make_login_link(user, now=now, next_path=f"/{DOMAIN}")
    script = site.tracker.script_id
    base_url = read_settings().base_url
    return serve.run(arguments, announce=lambda: _welcome(base_url, link=link, script=script))


def _seed_only() -> int:
    now = datetime.now(UTC)
    data = start_django(None)
    lock = serve.take_lock(data)
    if lock is None:
        return serve.refuse_second_process(data)
    with lock:
        _, site = _people(now)
        _seed(read_settings(), site, now=now)
    return 0


def _people(now: datetime) -> "tuple[User, Site]":
    """The demo account and its site with goals, made when missing."""
    from passerby.accounts.models import User
    from passerby.accounts.services import create_user
    from passerby.sites.goals import find_or_create_goal, parse_goal
    from passerby.sites.models import Site
    from passerby.sites.services import create_site

    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        password = secrets.token_urlsafe(32)  # Nobody knows it: the demo is entered by its login link.
        user = create_user(email=EMAIL, password=password, name="Ann", is_superuser=True)
    site = Site.objects.filter(domain=DOMAIN).first()
    if site is None:
        site = create_site(user, domain=DOMAIN, now=now, tracker_options=MEASURED)
        for goal in GOALS:
            find_or_create_goal(site, parse_goal(goal))
    return user, site


def _seed(settings: Settings, site: "Site", *, now: datetime) -> None:
    """Sixty days of traffic, unless the store has some already."""
    from passerby.ingest.pipeline import Ingest
    from passerby.sites.directory import Directory
    from passerby.store.store import Store

    store = Store.open(settings)
    try:
        store.migrate()
        if store.query("SELECT 1 FROM events WHERE site_id = {id:UInt64} LIMIT 1", {"id": site.pk}).rows:
            return
        directory = Directory.open()
        try:
            ingest = Ingest.open(settings, store, directory)
            rules = directory.site_of(DOMAIN)
            assert rules is not None, "The site was made a moment ago."  # noqa: S101 - For the type checker.
            seeded = 0
            for number, body in enumerate(_batches(now), start=1):
                seeded += ingest.backfill(rules, body, idempotency_key=f"demo-{number}", now=now)
                print(f"seeding the demo site: {seeded:,} events", flush=True)
        finally:
            directory.close()
    finally:
        store.close()


def _batches(now: datetime) -> Iterator[bytes]:
    """The traffic as NDJSON bodies of `BATCH_EVENTS` lines; one series, so that visits run across bodies."""
    lines = (json.dumps({"visitor_scope": "demo", **event}).encode() for event in events(domain=DOMAIN, now=now))
    while batch := b"\n".join(itertools.islice(lines, BATCH_EVENTS)):
        yield batch


def _welcome(base_url: str, *, link: str, script: str) -> None:
    print(
        f"\n  Demo dashboard   {base_url}/{DOMAIN}"
        f"\n  Log in (once)    {base_url}{link}"
        "\n\n  A page with this snippet counts you:\n"
        f'\n    <script async src="{base_url}/js/{script}.js"></script>'
        "\n    <script>"
        "window.plausible=window.plausible||function(){(plausible.q=plausible.q||[]).push(arguments)},"
        "plausible.init=plausible.init||function(i){plausible.o=i||{}};"
        "plausible.init({captureOnLocalhost:true})</script>\n",
        flush=True,
    )
