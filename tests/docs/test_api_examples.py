"""Every `curl` in the manual of these APIs is sent, and must answer the JSON printed below it."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.archives import archive, form
from tests.support.example_site import ExampleSite
from tests.support.server import Server

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("stats-api-v1.md", "funnels.md", "imports.md")
EXAMPLE = re.compile(r"```sh\n(curl .+?)\n```\n```json\n(.+?)\n```", re.DOTALL)
EXPORT = archive(visitors=["date,visitors,pageviews", "2025-01-02,7,20"])


def examples() -> list[Any]:
    found = [(page, *pair) for page in PAGES for pair in EXAMPLE.findall((DOCS / page).read_text(encoding="utf-8"))]
    return [pytest.param(*pair, id=f"{page} {number}") for number, (page, *pair) in enumerate(found)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleSite]:
    with Server(tmp_path_factory.mktemp("manual")) as server:
        yield ExampleSite(server)


@pytest.mark.parametrize(("command", "answer"), examples())
def test_an_example_of_the_manual_answers_what_it_says(command: str, answer: str, site: ExampleSite) -> None:
    status, body = curl(command, site)

    assert status in {200, 201}, body
    expected = json.loads(answer)
    if isinstance(expected, dict) and expected.get("id") == "$ID":
        expected["id"] = body["id"]
    assert body == expected


def curl(command: str, site: ExampleSite) -> tuple[int, Any]:
    """What the command would do, without the program."""
    words = iter(shlex.split(_filled(command, site))[1:])
    headers, forms, url, data = {}, {}, "", None
    encoded: list[str] = []
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-F":
                name, _, value = next(words).partition("=")
                forms[name] = value
            case "-d":
                data = next(words).encode()
            case "--data-urlencode":
                name, _, value = next(words).partition("=")
                encoded.append(f"{name}={quote(value)}")
            case "-G":
                pass
            case _:
                assert word.startswith(site.server.url), f"The manual uses an option this test does not know: {word}"
                url = word.removeprefix(site.server.url)
    if forms:
        data, more = form(EXPORT, label=forms["label"])
        headers |= more
    method = "GET" if data is None else "POST"
    status, _, answer = site.server.request(method, "&".join([url, *encoded]), data, headers)
    return status, json.loads(answer)


def _filled(command: str, site: ExampleSite) -> str:
    known = {"$HOST": site.server.url, "$KEY": site.key, "$FUNNEL": str(site.funnel_id)}
    for name, value in known.items():
        command = command.replace(name, value)
    return command
