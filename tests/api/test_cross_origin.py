"""Pages of other origins that ask with a key of their own."""

import pytest
from django.test import Client

from passerby.accounts.models import User
from passerby.sites.models import Site
from tests.support import cast
from tests.support.cast import DOMAIN, Api

PREFLIGHT = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}


@pytest.mark.parametrize("path", ["/api/v1/sites", "/api/v2/query", "/api/plugins/v1/goals", f"/api/v1/sites/{DOMAIN}"])
def test_a_browser_that_asks_first_is_let_in(path: str) -> None:
    answer = Client().options(path, headers=PREFLIGHT)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_an_answer_and_a_refusal_may_be_read_from_anywhere(api: Api, site: Site) -> None:
    for answer in (api.get(f"/api/v1/sites/{site.domain}"), api.get("/api/v1/sites/goals")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Error-Code" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_pages_may_not(ann: User, site: Site) -> None:
    for path in ("/sites", f"/{site.domain}/settings/general"):
        assert "Access-Control-Allow-Origin" not in cast.browser(ann).get(path).headers


def test_what_is_not_asked_by_a_browser_is_no_preflight() -> None:
    assert Client().options("/api/v1/sites").status_code == 405
