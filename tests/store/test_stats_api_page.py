"""Every example of docs/stats-api.md is asked, and its answer compared where the page shows one."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from passerby.query.api import answer_v2
from passerby.query.dimensions import DIMENSIONS, PUBLIC_TIME_DIMENSIONS
from passerby.query.metrics import METRICS, PUBLIC_METRICS
from passerby.query.site import Goal
from passerby.store.store import Store
from tests.support.asking import NOW, site
from tests.support.stores import at, event_row, keep, number, visit_row

PAGE = (Path(__file__).parents[2] / "docs" / "stats-api.md").read_text(encoding="utf-8")
BLOCK = r"```json\n(.*?)```"
PAIRS: list[tuple[Any, Any]] = [
    (json.loads(block), json.loads(following or "{}"))
    for block, following in re.findall(rf"{BLOCK}(?=\n\n{BLOCK}|)", PAGE, flags=re.DOTALL)
]
QUESTIONS = [(block, following if "results" in following else None) for block, following in PAIRS if "metrics" in block]


@pytest.fixture(scope="module")
def asked(embedded: Store) -> int:
    """Four visits by three visitors: Ann comes twice."""
    site_id = number()
    google = {"referrer_source": "Google", "browser": "Chrome", "country_code": "EE"}
    visits = [
        (1, "2026-01-05 10:00", ["/"], google),
        (1, "2026-01-06 10:00", ["/", "/pricing"], {}),
        (2, "2026-01-05 12:00", ["/blog/a", "/"], {}),
        (3, "2026-01-15 12:00", ["/blog/b"], google),
    ]
    for visitor, begin, pages, attributes in visits:
        visit, start = number(), at(begin)
        events = [
            event_row(
                site_id, visit_id=visit, visitor_id=visitor, timestamp=start + 60 * n, pathname=path, **attributes
            )
            for n, path in enumerate(pages)
        ]
        shape = {"pageviews": len(pages), "events": len(pages), "is_bounce": len(pages) == 1}
        ends = {"entry_page": pages[0], "exit_page": pages[-1], "timestamp": events[-1].timestamp}
        one = visit_row(site_id, visit_id=visit, visitor_id=visitor, start=start, **ends, **shape, **attributes)
        keep(embedded, events=events, visits=[one])
    return site_id


@pytest.mark.parametrize(("question", "shown"), QUESTIONS)
def test_an_example_is_answered_as_the_page_says(
    question: dict[str, Any], shown: dict[str, Any] | None, asked: int, embedded: Store
) -> None:
    known = site(asked, goals=(Goal(id=1, display_name="Signup", event_name="Signup"),))

    answer = json.loads(answer_v2(json.dumps(question).encode(), known, embedded, now=NOW))

    assert {name: answer[name] for name in shown or {}} == (shown or {})


def test_every_metric_and_dimension_is_on_the_page() -> None:
    names = [*PUBLIC_METRICS, *DIMENSIONS, *PUBLIC_TIME_DIMENSIONS]
    described = PAGE.replace("`visit:country`, `visit:region`, `visit:city` (or their `_name`)", "").replace("`", " ")
    places = {f"visit:{name}{end}" for name in ("country", "region", "city") for end in ("", "_name")}

    assert [name for name in names if name not in places and f" {name}" not in described] == []
    assert set(METRICS) >= set(PUBLIC_METRICS)
