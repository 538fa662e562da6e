from typing import Any

import pytest

from passerby.query.errors import QueryRefused
from passerby.query.journeys import Journey, Step, parse_journey


def test_a_journey_is_a_list_of_steps() -> None:
    asked = [{"name": "pageview", "pathname": "/docs/", "includes_subpaths": True, "label": "ignored"}, {"name": "Buy"}]

    assert parse_journey(asked, direction="backward", search=" buy ") == Journey(
        steps=(Step("pageview", "/docs", includes_subpaths=True), Step("Buy")), is_backward=True, search="buy"
    )


@pytest.mark.parametrize(
    ("journey", "more", "text"),
    [
        ("/a", {}, "There was an error with your request"),
        ([{"pathname": "/a"}], {}, "There was an error with your request"),
        ([{"name": "pageview", "pathname": 7}], {}, "There was an error with your request"),
        ([{"name": "__journey_end__"}], {}, "There was an error with your request"),
        ([], {"direction": "sideways"}, "There was an error with your request"),
        ([], {"direction": ["forward"]}, "There was an error with your request"),
        ([], {"search": 7}, "There was an error with your request"),
        ([{"name": "pageview", "pathname": "/a"}] * 21, {}, "The journey is too long"),
    ],
)
def test_anything_else_is_refused(journey: Any, more: dict[str, Any], text: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        parse_journey(journey, **more)
    assert caught.value.message == text
