import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.ingest.body import BodyRefused, is_read_by_a_parser, parse_fields
from passerby.ingest.hit import Hit, Invalid, parse_hit

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream", "text/html; charset=x"])
def test_any_other_type_is_read_as_json(content_type: str) -> None:
    assert parse_fields(b'{"n": "a"}', content_type) == {"n": "a"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'"text"',
        b"[1]",
        b"\xff",
        b'"\xff',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 6000 + b"}",
        b'{"a": 1e999}',
        b'{"a": NaN}',
        b'"\\ud800"',
        b"{" * 500_000,
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(BodyRefused, match="Unable to parse request body as json"):
        parse_fields(body, "text/plain")


def test_declared_json_that_is_no_object_has_no_fields() -> None:
    assert parse_fields(b"[1]", "application/vnd.api+json") == {}


def test_a_form_has_the_same_fields() -> None:
    body = b"n=pageview&u=https%3A%2F%2Fexample.com%2F&props[plan]=pro&props[a][b]=c&d=example.com"

    fields = parse_fields(body, FORM)

    assert fields["props"] == {"plan": "pro"}
    assert fields["u"] == "https://example.com/"


def test_a_plain_value_is_not_mistaken_for_an_object() -> None:
    assert parse_fields(b"props=x&props[a]=b", FORM) == {"props": "x"}


def test_a_form_with_too_many_fields_is_refused() -> None:
    with pytest.raises(BodyRefused):
        parse_fields(b"&".join(b"a=1" for _ in range(300)), FORM)


def test_a_multipart_form_has_the_same_fields() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\npageview\r\n'
        b'--x\r\nContent-Disposition: form-data; name="props[a]"\r\n\r\nb\r\n'
        b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n"
    )
    assert parse_fields(body, 'multipart/form-data; boundary="x"') == {"n": "pageview", "props": {"a": "b"}}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x", "multipart/form-data"),
        (b"--x\r\n\r\n" * 300, "multipart/form-data; boundary=x"),
    ],
)
def test_a_multipart_form_without_end_or_boundary_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(BodyRefused):
        parse_fields(body, content_type)


def test_a_multipart_form_of_one_text_has_no_fields() -> None:
    assert parse_fields(b"just text", "multipart/form-data; boundary=zzz") == {}


def test_only_declared_types_have_a_parser() -> None:
    assert is_read_by_a_parser("application/json")
    assert is_read_by_a_parser("multipart/form-data; boundary=x")
    assert not is_read_by_a_parser("text/plain")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
known_keys = st.sampled_from(
    ["n", "name", "u", "url", "d", "domain", "r", "m", "p", "props", "revenue", "$", "i", "h", "sd", "e", "v"]
)


@given(st.dictionaries(known_keys, json_values, max_size=10))
def test_no_field_raises(fields: dict[str, object]) -> None:
    assert isinstance(parse_hit(json.dumps(fields).encode(), "text/plain"), Hit | Invalid)


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [
            "",
            "text/plain",
            "application/json",
            FORM,
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=\xe9",
        ]
    ),
)
def test_no_body_raises(body: bytes, content_type: str) -> None:
    assert isinstance(parse_hit(body, content_type), Hit | Invalid)
