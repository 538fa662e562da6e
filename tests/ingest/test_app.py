import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from passerby.ingest import app as app_module
from passerby.ingest import backfill, collector, health, pipeline
from passerby.ingest.app import IngestApp
from passerby.ingest.directory import SiteId
from passerby.ingest.pipeline import Ingest
from passerby.store.errors import StoreUnavailable
from tests.support.asgi import Answer, ask
from tests.support.ingest import CHROME, DOMAIN, FakeStore, Running, Sites, site

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
Story = Callable[[IngestApp, Ingest], Awaitable[None]]


def tell(folder: Path, story: Story, *, store: Any = None, sites: Sites | None = None, **environ: str) -> FakeStore:
    """Run a story against a started pipeline; the store as it is after a clean stop."""
    running = Running(folder, store, sites, **environ)

    async def run() -> None:
        async with running as ingest:
            await story(IngestApp(ingest), ingest)

    asyncio.run(run())
    kept: FakeStore = running.store
    return kept


async def post(app: IngestApp, fields: dict[str, Any] | bytes | None = None, **headers: str) -> Answer:
    body = (
        fields
        if isinstance(fields, bytes)
        else json.dumps({"n": "pageview", "u": f"https://{DOMAIN}/", "d": DOMAIN, **(fields or {})}).encode()
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await ask(
        app,
        "/api/event",
        method="POST",
        body=body,
        headers={"user-agent": CHROME, "content-type": "text/plain", **named},
    )
    assert answer is not None
    return answer


def test_an_event_is_answered_and_stored_with_its_visit(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await post(app, {"u": f"https://www.{DOMAIN}/a?utm_source=newsletter", "p": {"plan": "pro"}})
        assert (answer.status, answer.body) == (202, b"ok")
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in answer.headers
        assert "x-plausible-dropped" not in answer.headers

    store = tell(tmp_path, story)

    (event,), (visit,) = store.events, store.visits
    assert (event["hostname"], event["pathname"], event["props"]) == (DOMAIN, "/a", {"plan": "pro"})
    assert (event["browser"], event["operating_system"], event["utm_source"]) == ("Chrome", "Windows", "newsletter")
    assert (visit["visit_id"], visit["visitor_id"]) == (event["visit_id"], event["visitor_id"])
    assert (visit["is_bounce"], visit["pageviews"], visit["entry_props"]) == (True, 1, {"plan": "pro"})


def test_a_second_page_continues_the_visit_and_keeps_how_it_began(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        await post(app, {"u": f"https://{DOMAIN}/?utm_source=first"})
        await post(app, {"u": f"https://{DOMAIN}/b?utm_source=second"})
        await post(app, {"n": "engagement", "u": f"https://{DOMAIN}/b", "sd": 50, "e": 1000})

    store = tell(tmp_path, story)

    (visit,) = store.visits
    assert (visit["pageviews"], visit["events"], visit["exit_page"], visit["is_bounce"]) == (2, 2, "/b", False)
    assert [event["utm_source"] for event in store.events] == ["first"] * 3
    assert [event["arrival"] for event in store.events] == sorted({event["arrival"] for event in store.events})
    assert (store.events[2]["scroll_depth"], store.events[2]["engagement_time_ms"]) == (50, 1000)


def test_engagement_of_nobody_is_dropped(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await post(app, {"n": "engagement", "sd": 50})
        assert (answer.status, answer.headers["x-plausible-dropped"]) == (202, "1")

    assert tell(tmp_path, story).events == []


def test_each_site_of_a_hit_is_judged_alone(tmp_path: Path) -> None:
    sites = Sites(
        site(), site(id=SiteId(2), domain="two.com"), site(id=SiteId(3), domain="closed.com", rate_limit_events=0)
    )

    async def story(app: IngestApp, ingest: Ingest) -> None:
        answer = await post(app, {"d": f"{DOMAIN},two.com,closed.com,unknown.com"})
        assert answer.headers["x-plausible-dropped"] == "2"
        assert [hit.reason for hit in ingest.recent(SiteId(1))] == [None]

    store = tell(tmp_path, story, sites=sites)

    assert sorted(event["site_id"] for event in store.events) == [1, 2]
    assert len({event["visitor_id"] for event in store.events}) == 2
    assert [(row["site_id"], row["reason"]) for row in store.drops] == [(3, "block")]


def test_spam_is_dropped_for_every_site(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await post(app, {"d": f"{DOMAIN},unknown.com", "r": "https://www.1-best-seo.com/x"})
        assert answer.headers["x-plausible-dropped"] == "2"

    store = tell(tmp_path, story)

    assert store.events == []
    assert [(row["site_id"], row["reason"]) for row in store.drops] == [(1, "spam_referrer")]


def test_bots_are_counted_apart(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await post(app, user_agent=GOOGLEBOT)
        assert answer.headers["x-plausible-dropped"] == "1"

    store = tell(tmp_path, story)

    assert store.events == []
    assert [(row["reason"], row["family"], row["hits"]) for row in store.drops] == [("bot", "Googlebot", 1)]


def test_drops_can_be_settled_at_once_and_are_kept_while_the_store_is_away(tmp_path: Path) -> None:
    store = FakeStore()

    async def story(app: IngestApp, ingest: Ingest) -> None:
        await post(app, user_agent=GOOGLEBOT)
        store.away = True
        with pytest.raises(StoreUnavailable):
            await asyncio.to_thread(ingest.settle_drops)
        store.away = False
        await asyncio.to_thread(ingest.settle_drops)
        assert [row["hits"] for row in store.drops] == [1]

    tell(tmp_path, story, store=store)

    assert len(store.drops) == 1


def test_drops_are_stored_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "DROPS_SECONDS", 0.01)
    store = FakeStore()

    async def story(app: IngestApp, _: Ingest) -> None:
        await post(app, user_agent=GOOGLEBOT)
        for _attempt in range(500):
            if store.drops:
                break
            await asyncio.sleep(0.01)
        assert [row["hits"] for row in store.drops] == [1]

    tell(tmp_path, story, store=store)


def test_a_forgotten_site_leaves_no_drops(tmp_path: Path) -> None:
    async def story(app: IngestApp, ingest: Ingest) -> None:
        await post(app, user_agent=GOOGLEBOT)
        ingest.forget_site(SiteId(1))
        await asyncio.sleep(0)
        assert ingest.recent(SiteId(1)) == []

    assert tell(tmp_path, story).drops == []


def test_without_identifiers_events_belong_to_nobody_and_no_hash_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("A visitor's hash was asked for.")

    async def story(app: IngestApp, ingest: Ingest) -> None:
        monkeypatch.setattr(collector, "visitor_id", refuse)
        monkeypatch.setattr(backfill, "series_visitor", refuse)
        monkeypatch.setattr(ingest.series, "key_of", refuse)
        uncounted = site(counts_visitors=False)
        line = b'{"timestamp": "2026-01-01T00:00:00Z", "visitor": "a", "visitor_scope": "s"}'
        taken = await asyncio.to_thread(ingest.backfill, uncounted, line, idempotency_key=None, now=datetime.now(UTC))
        assert taken == 1
        for fields in ({"u": f"https://{DOMAIN}/?ref=x"}, {"n": "engagement", "sd": 9}):
            assert "x-plausible-dropped" not in (await post(app, fields)).headers
        assert len(ingest.visits) == 0

    store = tell(tmp_path, story, sites=Sites(site(counts_visitors=False)))

    assert [(event["visitor_id"], event["visit_id"]) for event in store.events] == [(0, 0)] * 3
    assert store.events[1]["utm_source"] == "x"
    assert store.visits == []


def test_revenue_is_kept_for_a_revenue_goal_in_its_currency(tmp_path: Path) -> None:
    sites = Sites(site(revenue_currencies={"Purchase": "EUR", "Odd": "ZZZ"}))
    money = {"amount": "10.0004", "currency": "EUR"}

    async def story(app: IngestApp, _: Ingest) -> None:
        for name in ("Purchase", "Signup", "Odd"):
            await post(app, {"n": name, "revenue": money})

    purchase, signup, odd = tell(tmp_path, story, sites=sites).events

    assert (purchase["revenue_source_amount"], purchase["revenue_reporting_amount"]) == (10.0, 10.0)
    assert (purchase["revenue_source_currency"], purchase["revenue_reporting_currency"]) == ("EUR", "EUR")
    assert "revenue_source_amount" not in signup
    assert "revenue_reporting_amount" not in odd


def test_a_vpn_that_the_edge_knows_is_no_country(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        await post(app, x_forwarded_for="8.8.8.8", x_plausible_ip_type="anonymous_vpn_ip")

    (event,) = tell(tmp_path, story, PASSERBY_TRUSTED_PROXIES="127.0.0.1/32").events

    assert event["country_code"] == "A1"
    assert "city_geoname_id" not in event


def test_a_country_shield_looks_the_place_up(tmp_path: Path) -> None:
    sites = Sites(site(blocked_countries=frozenset({"ZZ"}), blocked_ips=frozenset({ipaddress.ip_address("1.1.1.1")})))

    async def story(app: IngestApp, _: Ingest) -> None:
        await post(app)

    store = tell(tmp_path, story, sites=sites)

    assert store.events == []
    assert [row["reason"] for row in store.drops] == ["site_country_blocklist"]


def test_mistakes_are_answered_in_the_words_of_the_api(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        missing = await post(app, b"{}")
        broken = await post(app, b"defnotjson")
        assert missing.status == broken.status == 400
        assert missing.json()["errors"]["url"] == ["is required"]
        assert broken.json() == {"errors": {"request": ["Unable to parse request body as json"]}}
        assert missing.headers["access-control-allow-origin"] == "*"

    tell(tmp_path, story)


@pytest.mark.parametrize(("content_type", "status"), [("text/plain", 400), ("application/json", 413)])
def test_a_body_over_the_limit_is_refused(tmp_path: Path, content_type: str, status: int) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        whole = await post(app, b" " * 1_000_001, content_type=content_type)
        chunked = await ask(
            app, "/api/event", method="POST", body=[b" " * 600_000] * 2, headers={"content-type": content_type}
        )
        assert chunked is not None
        assert [whole.status, chunked.status] == [status, status]

    tell(tmp_path, story)


def test_a_body_in_pieces_is_put_together(tmp_path: Path) -> None:
    body = json.dumps({"n": "pageview", "u": f"https://{DOMAIN}/"}).encode()

    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await ask(
            app, "/api/event", method="POST", body=[body[:10], body[10:]], headers={"user-agent": CHROME}
        )
        assert answer is not None
        assert answer.status == 202

    assert len(tell(tmp_path, story).events) == 1


def test_nobody_is_answered_who_is_gone(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        assert await ask(app, "/api/event", method="POST", body=[b"(more)"]) is None

    tell(tmp_path, story)


def test_a_body_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "BODY_SECONDS_MAX", 0.05)

    async def story(app: IngestApp, _: Ingest) -> None:
        messages = [{"type": "http.request", "body": b"{", "more_body": True}]

        async def receive() -> dict[str, Any]:
            return messages.pop() if messages else await asyncio.sleep(60, {})

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        sent: list[dict[str, Any]] = []
        scope: dict[str, Any] = {"type": "http", "path": "/api/event", "method": "POST", "headers": [], "client": None}
        await app(scope, receive, send)

        assert sent[0]["status"] == 408
        assert (b"connection", b"close") in sent[0]["headers"]

    tell(tmp_path, story)


def test_a_debug_request_shows_the_address_and_counts_nothing(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await post(app, x_debug_request="true", x_forwarded_for="8.8.8.8")
        assert (answer.status, answer.body) == (200, b"8.8.8.8")

    assert tell(tmp_path, story, PASSERBY_TRUSTED_PROXIES="127.0.0.1/32").events == []


def test_what_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    async def story(app: IngestApp, ingest: Ingest) -> None:
        ingest.folder.rename(tmp_path / "elsewhere")
        answer = await post(app)
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert answer.body == b"try again later"
        (tmp_path / "elsewhere").rename(ingest.folder)

    assert tell(tmp_path, story).events == []


def test_a_source_tree_that_was_never_installed_has_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(app_module, "version", missing)

    async def story(app: IngestApp, _: Ingest) -> None:
        about = await ask(app, "/api/system")
        assert about is not None
        assert about.json()["build"]["version"] == "unknown"

    tell(tmp_path, story)


def test_a_preflight_is_answered(tmp_path: Path) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await ask(app, "/api/event", method="OPTIONS")
        assert answer is not None
        assert answer.status == 204
        assert answer.headers["access-control-max-age"] == "1728000"
        assert "content-length" not in answer.headers

    tell(tmp_path, story)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/error", 200), ("PUT", "/api/event", 405), ("GET", "/api/event", 404), ("GET", "/api/system/x", 404)],
)
def test_every_other_question_has_an_answer(tmp_path: Path, method: str, path: str, status: int) -> None:
    async def story(app: IngestApp, _: Ingest) -> None:
        answer = await ask(app, path, method=method)
        assert answer is not None
        assert answer.status == status

    tell(tmp_path, story)


def test_health_is_told_in_plausibles_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.0)
    store = FakeStore()

    async def story(app: IngestApp, _: Ingest) -> None:
        ready = await ask(app, "/api/health")
        live = await ask(app, "/api/system/health/live")
        about = await ask(app, "/api/system")
        assert ready is not None
        assert live is not None
        assert about is not None
        assert (ready.status, ready.json()) == (
            200,
            {"postgres": "ok", "clickhouse": "ok", "sites_cache": "ok", "sessions": "ok"},
        )
        assert live.json() == {"ok": True}
        assert set(about.json()) == {"geo_database", "build"}
        store.away = True
        away = await ask(app, "/api/system/health/ready")
        assert away is not None
        assert (away.status, away.json()["clickhouse"]) == (500, "error")
        store.away = False

    tell(tmp_path, story, store=store)


def test_metrics_are_for_this_machine_or_for_the_token(tmp_path: Path) -> None:
    async def local(app: IngestApp, _: Ingest) -> None:
        await post(app)
        answer = await ask(app, "/metrics")
        stranger = await ask(app, "/metrics", client=("203.0.113.9", 1))
        proxied = await ask(app, "/metrics", headers={"x-forwarded-for": "203.0.113.9"})
        assert answer is not None
        assert stranger is not None
        assert proxied is not None
        assert [answer.status, stranger.status, proxied.status] == [200, 403, 403]
        assert b"passerby_events_accepted_total 1" in answer.body
        assert b'passerby_events_dropped_total{reason="bot"} 0' in answer.body

    async def with_token(app: IngestApp, _: Ingest) -> None:
        without = await ask(app, "/metrics")
        given = await ask(app, "/metrics", client=None, headers={"authorization": "Bearer secret"})
        assert without is not None
        assert given is not None
        assert [without.status, given.status] == [403, 200]

    tell(tmp_path, local)
    tell(tmp_path, with_token, PASSERBY_METRICS_TOKEN="secret")
