"""Asking questions in tests: a site, a body, and what comes back."""

import json
from datetime import UTC, datetime
from typing import Any

from passerby.query.api import answer_dashboard, answer_v2
from passerby.query.grammar import INTERNAL, PUBLIC
from passerby.query.language import Query
from passerby.query.parse import parse_request
from passerby.query.site import QuerySite
from passerby.query.validate import validate
from passerby.store.store import Store

NOW = datetime(2026, 1, 20, 12, 30, tzinfo=UTC)
WHOLE = ["2026-01-01", "2026-01-31"]


def body(**members: Any) -> bytes:
    """A question about January, for visitors, unless said otherwise."""
    return json.dumps({"site_id": "example.com", "metrics": ["visitors"], "date_range": WHOLE, **members}).encode()


def site(site_id: int = 1, **fields: Any) -> QuerySite:
    """A site in UTC without goals."""
    return QuerySite(id=site_id, domain="example.com", **{"timezone": "Etc/UTC", **fields})


def valid(asked: QuerySite | None = None, *, internal: bool = False, now: datetime = NOW, **members: Any) -> Query:
    """The question, checked, without a store."""
    request = parse_request(body(**members), INTERNAL if internal else PUBLIC)
    return validate(request, asked or site(), now=now, first_stats_on=lambda: None)


def ask(store: Store, asked: QuerySite, *, now: datetime = NOW, **members: Any) -> dict[str, Any]:
    """The public answer."""
    answer: dict[str, Any] = json.loads(answer_v2(body(**members), asked, store, now=now))
    return answer


def ask_dashboard(store: Store, asked: QuerySite, *, now: datetime = NOW, **members: Any) -> dict[str, Any]:
    """The dashboard's answer."""
    answer: dict[str, Any] = json.loads(answer_dashboard(body(**members), asked, store, now=now))
    return answer


def rows(answer: dict[str, Any]) -> list[tuple[list[Any], list[Any]]]:
    """Dimensions and metrics of each row."""
    return [(row["dimensions"], row["metrics"]) for row in answer["results"]]
