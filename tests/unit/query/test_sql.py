"""The SQL of typical questions, reviewed as files: `PASSERBY_TEST_SNAPSHOTS=write` writes them anew."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from passerby.query.compile import compile_plan, compile_total
from passerby.query.plan import plan_query
from passerby.query.site import Goal, Import
from tests.support.asking import site, valid

FOLDER = Path(__file__).parent / "snapshots"
SITE = site(
    timezone="Europe/Berlin",
    goals=(
        Goal(id=1, display_name="Signup", event_name="Signup", custom_props={"plan": "pro"}),
        Goal(id=2, display_name="Visit blog", page_path="/blog/**"),
        Goal(id=3, display_name="Scroll /a", page_path="/a", scroll_threshold=50),
    ),
    imports=(Import(7, date(2025, 1, 1), date(2026, 1, 10)),),
)
CASES: dict[str, dict[str, Any]] = {
    "top_stats": {
        "metrics": ["visitors", "visits", "pageviews", "views_per_visit", "bounce_rate", "visit_duration"],
    },
    "visitors_by_day": {"dimensions": ["time:day"]},
    "visitors_by_hour": {"dimensions": ["time:hour"], "metrics": ["visitors", "bounce_rate"]},
    "sources_with_share": {"metrics": ["visitors", "percentage"], "dimensions": ["visit:source"]},
    "pages_with_all": {
        "metrics": ["visitors", "pageviews", "bounce_rate", "time_on_page", "scroll_depth"],
        "dimensions": ["event:page"],
        "filters": [["contains", "event:page", ["/blog"]]],
    },
    "visits_that_saw_a_page": {
        "metrics": ["bounce_rate", "visit_duration"],
        "filters": [["is", "event:page", ["/a"]], ["is", "visit:browser", ["Chrome"]]],
    },
    "events_of_visits_that_entered": {
        "metrics": ["pageviews"],
        "filters": [["is", "visit:entry_page", ["/"]], ["has_not_done", ["is", "event:name", ["Signup"]]]],
    },
    "goals": {"metrics": ["visitors", "events", "conversion_rate"], "dimensions": ["event:goal"]},
    "group_conversion": {
        "metrics": ["visitors", "group_conversion_rate"],
        "dimensions": ["visit:source"],
        "filters": [["is", "event:goal", ["Signup"]]],
    },
    "property": {
        "metrics": ["visitors", "events"],
        "dimensions": ["event:props:plan"],
        "filters": [["is_not", "event:props:plan", ["(none)", "free"]]],
    },
    "cities_by_name": {"dimensions": ["visit:city_name"], "filters": [["is", "visit:country_name", ["Estonia"]]]},
    "hostname_of_entry": {"dimensions": ["visit:source"], "filters": [["is", "event:hostname", ["a.example"]]]},
    "entry_pages_of_events": {"dimensions": ["visit:entry_page", "event:name"]},
    "imported_sources": {
        "metrics": ["visitors", "bounce_rate"],
        "dimensions": ["visit:source"],
        "include": {"imports": True, "total_rows": True},
        "pagination": {"limit": 9, "offset": 18},
    },
    "imported_goals": {"metrics": ["visitors", "events"], "dimensions": ["event:goal"], "include": {"imports": True}},
    "nested": {
        "filters": [
            [
                "or",
                [
                    ["and", [["is", "visit:os", ["Mac"]], ["not", ["matches", "event:page", ["^/a"]]]]],
                    ["is", "visit:exit_page", ["/b"]],
                ],
            ],
        ],
    },
}


def compiled(members: dict[str, Any]) -> str:
    plan = plan_query(valid(SITE, **members), SITE)
    statements = [(total.value, compile_total(plan, total, SITE)) for total in plan.totals]
    statements.append(("rows", compile_plan(plan, SITE, totals=dict.fromkeys(plan.totals, 100))))
    return "\n\n".join(f"-- {name}: {statement.values}\n{statement.sql}" for name, statement in statements) + "\n"


@pytest.mark.parametrize("case", CASES)
def test_a_question_compiles_to_its_reviewed_sql(case: str) -> None:
    path = FOLDER / f"{case}.sql"
    if os.environ.get("PASSERBY_TEST_SNAPSHOTS") == "write":
        path.write_text(compiled(CASES[case]), encoding="utf-8")

    assert compiled(CASES[case]) == path.read_text(encoding="utf-8")


def test_every_snapshot_belongs_to_a_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(CASES)


def test_no_value_of_the_caller_is_part_of_the_statement() -> None:
    nasty = "x' OR 1=1; --"
    plan = plan_query(
        valid(
            SITE,
            dimensions=[f"event:props:{nasty}"],
            filters=[
                ["is", "event:page", [nasty]],
                ["contains", f"event:props:{nasty}", [nasty]],
                ["matches", "visit:source", [nasty]],
                ["contains", "event:goal", [nasty]],
                ["has_done", ["is", "event:name", [nasty], {"case_sensitive": False}]],
            ],
        ),
        SITE,
    )

    assert nasty not in compile_plan(plan, SITE, totals={}).sql
