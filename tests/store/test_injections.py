"""SQL in every place where a caller may write a text stays a text, on both clients."""

from contextlib import suppress
from typing import Any

import pytest

from passerby.query import v1
from passerby.query.errors import QueryRefused
from passerby.query.funnels import Funnel, answer_funnel
from passerby.query.journeys import journey_funnel, next_steps, parse_journey
from passerby.query.site import Goal, QuerySite
from passerby.query.suggestions import suggest, suggest_property_values
from passerby.store.store import Store
from tests.support.asking import NOW, ask, ask_dashboard, rows, site, valid
from tests.support.mutations import INJECTIONS
from tests.support.stores import event_row, keep, number, visit_row

TEXTS = [text for text in INJECTIONS if len(text) < 300]  # As long as a property's name may be.


@pytest.fixture
def kept(store: Store, site_id: int, text: str) -> QuerySite:
    """A visitor who brought the text along wherever there is room for one, and another who did not."""
    visit, visitor = number(), number()
    attributes: dict[str, Any] = {"browser": text, "referrer_source": text, "utm_term": text}
    same = {"visit_id": visit, "visitor_id": visitor, "pathname": text, "props": {text: text}, **attributes}
    keep(
        store,
        events=[event_row(site_id, **same), event_row(site_id, **{**same, "name": text}), event_row(site_id)],
        visits=[
            visit_row(site_id, visit_id=visit, visitor_id=visitor, entry_page=text, exit_page=text, **attributes),
            visit_row(site_id),
        ],
    )
    goals = (
        Goal(id=1, display_name=text, event_name=text, custom_props={text: text}),
        Goal(id=2, display_name=f"Visit {text}", page_path=text),
        Goal(id=3, display_name=f"*{text}", page_path=f"{text}*"),
    )
    return site(site_id, goals=goals, segments={1: [["is", f"event:props:{text}", [text]]]})


@pytest.mark.parametrize("text", TEXTS)
def test_sql_in_a_question_is_a_text(store: Store, kept: QuerySite, text: str) -> None:
    named = f"event:props:{text}"
    filters = (
        ["is", "event:page", [text]],
        ["contains", "event:page", [text], {"case_sensitive": False}],
        ["is", named, [text]],
        ["is_not", named, ["(none)"]],
        ["is", "visit:entry_page", [text]],
        ["is", "visit:utm_term", [text]],
        ["is", "segment", [1]],
        ["has_done", ["is", named, [text]]],
        ["is", "event:goal", [f"Visit {text}"]],
    )

    for node in filters:
        assert rows(ask(store, kept, filters=[node])) == [([], [1])], node
    for node in (["matches_wildcard", "event:page", [f"{text}*"]], ["matches_wildcard", "visit:browser", [text]]):
        assert rows(ask_dashboard(store, kept, filters=[node]))[0][1][0] in ({1} if "|" not in text else {1, 2}), node


@pytest.mark.parametrize("text", TEXTS)
def test_sql_in_the_name_of_a_group_is_a_text(store: Store, kept: QuerySite, text: str) -> None:
    named = f"event:props:{text}"

    by_property = ask(store, kept, dimensions=[named], order_by=[[named, "desc"]], filters=[["is", named, [text]]])
    by_goal = ask(store, kept, metrics=["visitors", "conversion_rate"], dimensions=["event:goal"])

    assert rows(by_property) == [([text], [1])]
    assert sorted(rows(by_goal)) == sorted(([name], [1, 50.0]) for name in (text, f"*{text}", f"Visit {text}"))


@pytest.mark.parametrize("text", TEXTS)
def test_sql_in_a_funnel_a_journey_or_a_suggestion_is_a_text(store: Store, kept: QuerySite, text: str) -> None:
    query = valid(kept)
    funnel = answer_funnel(Funnel(text, (kept.goals[1], kept.goals[0])), query, kept, store)
    journey = parse_journey([{"name": "pageview", "pathname": text}], search=f"{text}   ")

    assert [step["visitors"] for step in funnel["steps"]] == [1, 1]
    assert [step["visitors"] for step in journey_funnel(journey, query, kept, store)] == [1]
    assert all(found["visitors"] == 1 for found in next_steps(journey, query, kept, store))
    assert suggest("page", text, query, kept, store) == [{"value": text, "label": text}]
    assert suggest("prop_key", text, query, kept, store) == [{"value": text, "label": text}]
    assert suggest_property_values(text, text, query, kept, store) == [{"value": text, "label": text}]


@pytest.mark.parametrize("text", TEXTS)
def test_sql_in_v1s_parameters_is_a_text_or_refused(store: Store, kept: QuerySite, text: str) -> None:
    period = {"period": "custom", "date": "2026-01-01,2026-01-31", "property": "event:page"}
    doors: list[tuple[Any, dict[str, str]]] = [
        *((v1.aggregate, {name: text}) for name in ("period", "date", "metrics", "filters")),
        (v1.aggregate, {"filters": f"{text}==x"}),
        (v1.aggregate, {"filters": f"event:page=={text}"}),
        (v1.timeseries, {"interval": text}),
        *((v1.breakdown, {name: text}) for name in ("property", "limit", "page")),
        (v1.breakdown, {"property": f"event:props:{text}"}),
    ]

    for ask_v1, parameters in doors:
        with suppress(QueryRefused):
            assert "results" in ask_v1({**period, **parameters}, kept, store, now=NOW)


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(
    "member",
    [
        lambda text: {"metrics": [text]},
        lambda text: {"dimensions": [text]},
        lambda text: {"filters": [["is", text, ["a"]]]},
        lambda text: {"filters": [[text, "event:page", ["a"]]]},
        lambda text: {"order_by": [[text, "desc"]]},
        lambda text: {"order_by": [["visitors", text]]},
        lambda text: {"date_range": text},
        lambda text: {"date_range": [text, "2026-01-31"]},
        lambda text: {"include": {text: True}},
        lambda text: {"pagination": {"limit": text}},
    ],
)
def test_sql_where_the_language_has_words_of_its_own_is_refused(member: Any, text: str) -> None:
    if text.startswith("event:props:"):  # Any text may follow: a name that a property could have.
        return
    with pytest.raises(QueryRefused) as refused:
        valid(**member(text))
    assert refused.value.field
