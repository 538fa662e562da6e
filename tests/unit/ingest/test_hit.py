import json
from typing import Any

import pytest

from passerby.ingest.hit import ENGAGEMENT_MS_MAX, Hit, Invalid, Revenue, parse_hit

PAGE = {"n": "pageview", "u": "https://example.com/", "d": "example.com"}


def parsed(**fields: Any) -> Hit:
    result = parse_hit(json.dumps({**PAGE, **fields}).encode(), "text/plain")
    assert isinstance(result, Hit), result
    return result


def errors(body: object, content_type: str = "text/plain") -> dict[str, list[str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    result = parse_hit(raw, content_type)
    assert isinstance(result, Invalid), result
    return result.errors


def test_the_short_form_is_what_the_tracker_sends() -> None:
    hit = parsed(r="https://news.example.org/item")

    assert (hit.name, hit.page.hostname, hit.pathname, hit.domains) == (
        "pageview",
        "example.com",
        "/",
        ("example.com",),
    )
    assert hit.referrer == "https://news.example.org/item"


def test_the_long_form_means_the_same() -> None:
    body = {
        "name": "Signup",
        "url": "https://example.com/join?utm_source=newsletter",
        "domain": "example.com",
        "referrer": "https://news.example.org/item",
        "props": {"plan": "pro", "seats": 5},
        "revenue": {"currency": "EUR", "amount": "49.90"},
        "interactive": True,
    }
    hit = parse_hit(json.dumps(body).encode(), "application/json; charset=utf-8")

    assert isinstance(hit, Hit)
    assert hit.props == {"plan": "pro", "seats": "5"}
    assert hit.revenue == Revenue(49.9, "EUR")
    assert hit.page.query == {"utm_source": "newsletter"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"n": "short", "name": "long"}, "short"),
        ({"n": None, "name": "long"}, "long"),
        ({"n": False, "name": "long"}, "long"),
        ({"n": 404}, "404"),
    ],
)
def test_the_first_key_that_says_something_wins(fields: dict[str, Any], name: str) -> None:
    assert parsed(**fields).name == name


def test_every_mistake_is_reported_at_once() -> None:
    assert errors({}) == {
        "event_name": ["can't be blank"],
        "url": ["is required"],
        "domain": ["can't be blank"],
    }


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"n": ""}, "event_name", "can't be blank"),
        ({"n": "  "}, "event_name", "can't be blank"),
        ({"n": ["a"]}, "event_name", "is invalid"),
        ({"n": True}, "event_name", "is invalid"),
        ({"n": 1.5}, "event_name", "is invalid"),
        ({"n": "a" * 121}, "event_name", "should be at most 120 character(s)"),
        ({"u": None}, "url", "is required"),
        ({"u": 5}, "url", "must be a valid url"),
        ({"u": "https://example.com/" + "a" * 2000}, "url", "must be a valid url"),
        ({"u": "https://example.com/" + "ä" * 1000}, "url", "must be a valid url"),
        ({"u": "https://exa mple.com/"}, "url", "must be a valid url"),
        ({"u": "1https://example.com/"}, "url", "must be a valid url"),
        ({"u": "https://[::1/"}, "url", "must be a valid url"),
        ({"u": "https://example.com:x/"}, "url", "must be a valid url"),
        ({"u": "data:text/html,hi"}, "url", "scheme is not allowed"),
        ({"u": "DATA:text/html,hi"}, "url", "scheme is not allowed"),
        ({"d": ""}, "domain", "can't be blank"),
        ({"d": " , ,"}, "domain", "can't be blank"),
        ({"d": ",".join(["a.com"] * 51)}, "domain", "should have at most 50 item(s)"),
        ({"p": {"a" * 301: "b"}}, "props", "keys should have at most 300 bytes and values 2000 bytes"),
        ({"p": {"a": "b" * 2001}}, "props", "keys should have at most 300 bytes and values 2000 bytes"),
        ({"p": {"ä" * 151: "b"}}, "props", "keys should have at most 300 bytes and values 2000 bytes"),
    ],
)
def test_a_mistake_is_named_by_its_field(fields: dict[str, Any], field: str, message: str) -> None:
    assert errors({**PAGE, **fields}) == {field: [message]}


@pytest.mark.parametrize(
    ("domain", "domains"),
    [
        ("example.com", ("example.com",)),
        (" www.example.com ", ("example.com",)),
        ("a.com, www.b.com,,a.com", ("a.com", "b.com", "a.com")),
        (None, ("example.com",)),
        (7, ("example.com",)),
    ],
)
def test_one_event_may_count_for_several_sites(domain: object, domains: tuple[str, ...]) -> None:
    assert parsed(d=domain).domains == domains


def test_without_a_domain_and_without_a_host_nobody_is_meant() -> None:
    assert errors({"n": "pageview", "u": "file:///index.html"}) == {"domain": ["can't be blank"]}


def test_a_referrer_is_cut_and_anything_but_text_is_none() -> None:
    assert len(parsed(r="x" * 3000).referrer) == 2000
    assert parsed(r=["x"]).referrer == ""


@pytest.mark.parametrize(
    ("props", "kept"),
    [
        ({"a": "b"}, {"a": "b"}),
        ({"a": True, "b": False}, {"a": "true", "b": "false"}),
        ({"a": 5, "b": 1.5}, {"a": "5", "b": "1.5"}),
        ({"a": None, "b": "", "c": "  ", "": "x", " ": "x"}, {}),
        ({"a": [1], "b": {"c": 1}, "d": "x"}, {"d": "x"}),
        ({"a": " b "}, {"a": " b "}),
        ('{"a": "b"}', {"a": "b"}),
        ("not json", {}),
        ("[1]", {}),
        ([1], {}),
    ],
)
def test_properties_are_flat_texts(props: object, kept: dict[str, str]) -> None:
    assert parsed(p=props).props == kept


def test_an_empty_object_shadows_a_later_key() -> None:
    assert parsed(m={}, p={"a": "b"}).props == {}
    assert parsed(m=None, meta={"a": "b"}, props={"c": "d"}).props == {"a": "b"}


def test_thirty_properties_are_kept_and_the_path_is_among_them() -> None:
    many = {f"key{number}": "x" for number in range(50)}

    assert len(parsed(p=many).props) == 30
    kept = parsed(n="404", u="https://example.com/lost", p=many).props
    assert len(kept) == 30
    assert kept["path"] == "/lost"


def test_a_path_that_the_page_sent_is_left_alone() -> None:
    assert parsed(n="Form: Submission", p={"path": "/album"}).props == {"path": "/album"}


@pytest.mark.parametrize("empty", ["", " ", None, ["/a"], {}])
def test_a_path_that_says_nothing_is_none(empty: object) -> None:
    assert parsed(n="404", u="https://example.com/lost", p={"path": empty}).props == {"path": "/lost"}


@pytest.mark.parametrize(("mode", "path"), [(1, "/#a b"), ("1", "/#a b"), (0, "/"), (True, "/"), ("x", "/")])
def test_in_hash_mode_the_fragment_is_part_of_the_path(mode: object, path: str) -> None:
    assert parsed(u="https://example.com/#a%20b", h=mode).pathname == path


def test_without_a_fragment_hash_mode_changes_nothing() -> None:
    assert parsed(h=1).pathname == "/"


@pytest.mark.parametrize(
    ("fields", "interactive"),
    [
        ({"n": "ping", "i": False}, False),
        ({"n": "ping", "interactive": False}, False),
        ({"n": "ping", "i": True, "interactive": False}, False),
        ({"n": "ping", "i": 0}, True),
        ({"n": "ping", "i": "false"}, True),
        ({"n": "ping"}, True),
        ({"n": "404", "i": False}, True),
        ({"n": "Outbound Link: Click", "i": False}, True),
    ],
)
def test_only_the_literal_false_makes_an_event_non_interactive(fields: dict[str, Any], interactive: bool) -> None:  # noqa: FBT001 - A case of the table.
    assert parsed(**fields).interactive is interactive


@pytest.mark.parametrize(
    ("fields", "depth", "time_ms"),
    [
        ({"sd": 25, "e": 1000}, 25, 1000),
        ({"sd": "25", "e": "1000"}, 25, 1000),
        ({"sd": 101}, 100, 0),
        ({"sd": 0}, 0, 0),
        ({"sd": -1, "e": 1}, 255, 1),
        ({"sd": "abc", "e": 1}, 255, 1),
        ({"sd": 5, "e": -1}, 5, 0),
        ({"sd": 5, "e": 1.5}, 5, 0),
        ({"sd": 5, "e": ENGAGEMENT_MS_MAX}, 5, 0),
        ({"sd": 5, "e": 10**40}, 5, 0),
    ],
)
def test_engagement_says_how_far_and_how_long(fields: dict[str, Any], depth: int, time_ms: int) -> None:
    hit = parsed(n="engagement", **fields)

    assert (hit.scroll_depth, hit.engagement_time_ms) == (depth, time_ms)


@pytest.mark.parametrize("fields", [{}, {"e": 0}, {"sd": True}, {"sd": -1}])
def test_engagement_that_says_nothing_is_refused(fields: dict[str, Any]) -> None:
    message = "engagement event requires a valid integer value for at least one of 'sd' or 'e' fields"

    assert errors({**PAGE, "n": "engagement", **fields}) == {"event_name": [message]}


def test_other_events_have_no_engagement() -> None:
    hit = parsed(sd=10, e=789)

    assert (hit.scroll_depth, hit.engagement_time_ms) == (0, 0)


@pytest.mark.parametrize(
    ("revenue", "kept"),
    [
        ({"amount": 10, "currency": "EUR"}, Revenue(10.0, "EUR")),
        ({"amount": "10.5 apples", "currency": "EUR"}, Revenue(10.5, "EUR")),
        ('{"amount": -1, "currency": "USD"}', Revenue(-1.0, "USD")),
        ({"amount": "x", "currency": "EUR"}, None),
        ({"amount": True, "currency": "EUR"}, None),
        ({"amount": "1e300", "currency": "EUR"}, None),
        ({"amount": 10**30, "currency": "EUR"}, None),
        ({"amount": 1, "currency": "eur"}, None),
        ({"amount": 1, "currency": 5}, None),
        ({"amount": 1}, None),
        ("broken", None),
        (5, None),
    ],
)
def test_revenue_that_is_none_is_ignored(revenue: object, kept: Revenue | None) -> None:
    assert parsed(revenue=revenue).revenue == kept


def test_the_long_name_of_revenue_comes_first() -> None:
    euro, dollar = {"amount": 1, "currency": "EUR"}, {"amount": 2, "currency": "USD"}

    assert parsed(**{"revenue": euro, "$": dollar}).revenue == Revenue(1.0, "EUR")
    assert parsed(**{"$": dollar}).revenue == Revenue(2.0, "USD")
