from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerby.query.dashboard_params import parse_parameters
from passerby.query.funnels import Funnel, FunnelType, FunnelUnavailable, answer_funnel
from passerby.query.language import Query
from passerby.query.site import Goal, QuerySite
from passerby.query.validate import validate
from passerby.store.store import Store
from tests.support.sequences import walk
from tests.support.stores import keep, number

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
GOALS = (
    Goal(id=1, display_name="Visit /a", page_path="/a"),
    Goal(id=2, display_name="Visit /b", page_path="/b"),
    Goal(id=3, display_name="Signup", event_name="Signup"),
    Goal(id=4, display_name="Any page", page_path="/**"),
    Goal(id=5, display_name="Purchase", event_name="Purchase", currency="EUR"),
    Goal(id=6, display_name="Read /a", page_path="/a", scroll_threshold=50),
)
A, B, SIGNUP, ANY, PURCHASE, READ = GOALS


def question(site: QuerySite, **parameters: str) -> Query:
    given = {"period": "custom", "from": "2026-01-14", "to": "2026-01-17", **parameters}
    return validate(parse_parameters(given), site, now=NOW, first_stats_on=lambda: date(2026, 1, 1))


def site(site_id: int) -> QuerySite:
    return QuerySite(id=site_id, domain="example.com", timezone="Etc/UTC", goals=GOALS)


def run(
    store: Store, site_id: int, *steps: Goal, kind: FunnelType = FunnelType.SEQUENTIAL, **parameters: str
) -> dict[str, Any]:
    here = site(site_id)
    return answer_funnel(Funnel("Way in", steps, kind), question(here, **parameters), here, store)


def visitors(answer: dict[str, Any]) -> list[int]:
    return [step["visitors"] for step in answer["steps"]]


def test_a_funnel_counts_who_came_how_far_and_prints_shares_as_text(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b", "Signup"), *walk(site_id, "/a", "/x", "/b"), *walk(site_id, "/a")])
    keep(store, events=walk(site_id, "/x"))

    assert run(store, site_id, A, B, SIGNUP) == {
        "name": "Way in",
        "funnel_type": "sequential",
        "all_visitors": 4,
        "entering_visitors": 3,
        "entering_visitors_percentage": "75",
        "never_entering_visitors": 1,
        "never_entering_visitors_percentage": "25",
        "steps": [
            {
                "label": "Visit /a",
                "visitors": 3,
                "dropoff": 0,
                "dropoff_percentage": "0",
                "conversion_rate": "100",
                "conversion_rate_step": "0",
            },
            {
                "label": "Visit /b",
                "visitors": 2,
                "dropoff": 1,
                "dropoff_percentage": "33.33",
                "conversion_rate": "66.67",
                "conversion_rate_step": "66.67",
            },
            {
                "label": "Signup",
                "visitors": 1,
                "dropoff": 1,
                "dropoff_percentage": "50",
                "conversion_rate": "33.33",
                "conversion_rate_step": "50",
            },
        ],
        "comparison": None,
        "date_range": ["2026-01-14", "2026-01-17"],
        "comparison_date_range": None,
    }


def test_a_funnel_without_visitors_has_no_shares(store: Store, site_id: int) -> None:
    answer = run(store, site_id, A, B)

    assert (answer["all_visitors"], answer["entering_visitors_percentage"]) == (0, "0")
    assert visitors(answer) == [0, 0]


def test_steps_out_of_order_do_not_count(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, "/b", "/a"))

    assert visitors(run(store, site_id, A, B)) == [1, 0]


def test_the_last_step_counts_up_to_a_day_after_the_first(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", ("/b", 86_400)), *walk(site_id, "/a", ("/b", 86_401))])

    for kind in FunnelType:
        assert visitors(run(store, site_id, A, B, kind=kind)) == [2, 1], kind


def test_a_funnel_follows_a_visitor_from_visit_to_visit(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", visitor=1), *walk(site_id, ("/b", 7200), visitor=1)])

    assert visitors(run(store, site_id, A, B)) == [1, 1]


def test_one_event_may_be_two_steps_unless_the_funnel_is_strict(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, "/a"))

    assert visitors(run(store, site_id, ANY, A)) == [1, 1]
    assert visitors(run(store, site_id, ANY, A, kind=FunnelType.STRICT)) == [1, 0]


def test_the_last_step_of_a_flexible_funnel_forgives_those_between(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "Signup"), *walk(site_id, "/a", "/b"), *walk(site_id, "Signup")])

    assert visitors(run(store, site_id, A, B, SIGNUP)) == [2, 1, 0]
    assert visitors(run(store, site_id, A, B, SIGNUP, kind=FunnelType.FLEXIBLE)) == [2, 1, 1]


def test_nothing_may_come_between_the_steps_of_a_strict_funnel(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/x", "/b"), *walk(site_id, "/a", "/b")])

    assert visitors(run(store, site_id, A, B, kind=FunnelType.STRICT)) == [2, 1]


def test_a_strict_funnel_sees_visitors_who_begin_anew(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, "/a", "/x", "/a", "/b"))

    assert visitors(run(store, site_id, A, B, kind=FunnelType.STRICT)) == [1, 1]


def test_engagement_breaks_no_strict_funnel_but_may_be_a_step_of_one(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, "/a", "engagement", "/b"))
    one = number()
    read = [*walk(site_id, "/a", visitor=one), *walk(site_id, ("engagement", 30), visitor=one, scroll_depth=80)]
    keep(store, events=[*(replace_path(row, "/a") for row in read), *walk(site_id, ("/b", 60), visitor=one)])

    assert visitors(run(store, site_id, A, B, kind=FunnelType.STRICT)) == [2, 2]
    assert visitors(run(store, site_id, A, READ, B, kind=FunnelType.STRICT)) == [2, 1, 1]


def replace_path(row: Any, path: str) -> Any:
    return type(row)(**{**{name: getattr(row, name) for name in row.__struct_fields__}, "pathname": path})


def test_money_is_that_of_visitors_who_reached_the_step(store: Store, site_id: int) -> None:
    paid: dict[str, Any] = {"revenue_reporting_amount": 10.5, "revenue_reporting_currency": "EUR"}
    keep(store, events=[*walk(site_id, "Purchase", **paid), *walk(site_id, "/a", "/a")])
    one = number()
    keep(store, events=[*walk(site_id, "/a", visitor=one), *walk(site_id, ("Purchase", 5), visitor=one, **paid)])

    step = run(store, site_id, A, PURCHASE)["steps"][1]

    assert step["revenue"]["value"] == 10.5
    assert step["revenue_per_visitor"] == step["revenue"]
    assert "revenue" not in run(store, site_id, A, B)["steps"][0]


def test_filters_choose_the_events_a_funnel_looks_at(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b", browser="Firefox"), *walk(site_id, "/a", "/b", browser="Chrome")])

    answer = run(store, site_id, A, B, filters='[["is", "visit:browser", ["Firefox"]]]')

    assert (answer["all_visitors"], visitors(answer)) == (1, [1, 1])


def test_a_comparison_has_the_same_shape_for_the_other_days(store: Store, site_id: int) -> None:
    keep(store, events=walk(site_id, ("/a", -3 * 86_400), ("/b", -3 * 86_400 + 1)))

    answer = run(store, site_id, A, B, comparison="previous_period")

    assert answer["comparison_date_range"] == ["2026-01-10", "2026-01-13"]
    assert answer["comparison"]["all_visitors"] == 1
    assert visitors(answer) == [0, 0]


@pytest.mark.parametrize(
    ("parameters", "what"),
    [
        ({"filters": '[["is", "event:goal", ["Signup"]]]'}, "goals"),
        ({"filters": '[["is", "event:page", ["/a"]]]'}, "pages"),
        ({"period": "realtime"}, "realtime period"),
    ],
)
def test_a_funnel_is_refused_where_it_makes_no_sense(
    store: Store, site_id: int, parameters: dict[str, Any], what: str
) -> None:
    with pytest.raises(FunnelUnavailable, match=f"^We are unable .* is filtered by {what}$"):
        run(store, site_id, A, B, **parameters)


def longest_run(seen: str, *, strict: bool) -> int:
    """The law in plain Python for the steps a, b, c: how far the best run gets."""
    best = 0
    for start in range(len(seen)):
        done = 0
        for step in seen[start:]:
            if done < 3 and step == "abc"[done]:
                done += 1
            elif strict:
                break
        best = max(best, done)
    return best


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=st.lists(st.text("abcx", min_size=1, max_size=9), min_size=1, max_size=25))
def test_any_crowd_is_counted_as_the_definition_says(paths: list[str], store: Store) -> None:
    site_id = number()
    keep(store, events=[row for path in paths for row in walk(site_id, *(f"/{step}" for step in path))])
    goals = tuple(Goal(id=n, display_name=name, page_path=f"/{name}") for n, name in enumerate("abc"))

    for kind in (FunnelType.SEQUENTIAL, FunnelType.STRICT):
        levels = [longest_run(path, strict=kind is FunnelType.STRICT) for path in paths]
        assert visitors(run(store, site_id, *goals, kind=kind)) == [
            sum(level >= n for level in levels) for n in (1, 2, 3)
        ]


def test_no_step_has_more_visitors_than_the_one_before(store: Store, site_id: int) -> None:
    keep(store, events=[*walk(site_id, "/a", "/b", "Signup"), *walk(site_id, "/b", "Signup"), *walk(site_id, "/a")])

    assert all(before >= after for before, after in pairwise(visitors(run(store, site_id, A, B, SIGNUP))))
