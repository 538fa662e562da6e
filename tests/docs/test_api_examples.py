"""Every `curl` in the manual is sent, and must answer what is printed below it: JSON, a text, the files of a ZIP."""

import argparse
import base64
import csv
import io
import json
import re
import shlex
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.archives import archive, form
from tests.support.example_site import ExampleSite
from tests.support.server import Server

DOCS = Path(__file__).parents[2] / "docs"
APIS = {
    "annotations.md",
    "events-api.md",
    "exports.md",
    "funnels.md",
    "imports.md",
    "segments.md",
    "sites-api.md",
    "stats-api-v1.md",
    "stats-api.md",
}
EXAMPLE = re.compile(r"```sh\n(curl (?:(?!```).)+)\n```\n```(json|text|csv|zip)\n(.+?)\n```", re.DOTALL)
CURL = re.compile(r"```sh\n(curl .*?)\n```", re.DOTALL)
DAY = re.compile(r"\d{8}")  # Which days a site has is another example's matter.
EXPORT = archive(visitors=["date,visitors,pageviews", "2025-01-02,7,20"])
WHATEVER = {"$ANY", "$ID"}  # Different on every server: a number, a name, a moment.


def examples() -> list[Any]:
    pages = {page.name: page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md"))}
    found = [(name, *parts) for name, text in pages.items() for parts in EXAMPLE.findall(text)]
    return [pytest.param(*parts, id=f"{name} {number}") for number, (name, *parts) in enumerate(found)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleSite]:
    with Server(tmp_path_factory.mktemp("manual")) as server:
        yield ExampleSite(server)


def test_every_page_about_an_api_has_an_example() -> None:
    with_examples = {page.name for page in DOCS.glob("*.md") if EXAMPLE.search(page.read_text(encoding="utf-8"))}

    assert with_examples >= APIS


def test_every_curl_of_the_manual_is_sent() -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")}
    sent = {name: [command for command, _, _ in EXAMPLE.findall(text)] for name, text in pages.items()}

    assert {name: CURL.findall(text) for name, text in pages.items()} == sent


@pytest.mark.parametrize(("command", "kind", "answer"), examples())
def test_an_example_of_the_manual_answers_what_it_says(command: str, kind: str, answer: str, site: ExampleSite) -> None:
    status, body = curl(command, site)

    expected = json.loads(answer) if kind == "json" else answer
    is_refusal = isinstance(expected, dict) and bool(expected.get("error") or expected.get("errors"))
    assert status in ({400} if is_refusal else {200, 201, 202}), body
    match kind:
        case "json":
            assert_alike(json.loads(body), expected)
        case "text":
            assert body.decode() == expected
        case "zip":
            assert sheets(body) == DAY.sub("$DAY", answer).splitlines()
        case _:
            assert only_sheet(body) == list(csv.reader(answer.splitlines()))


def assert_alike(got: Any, expected: Any) -> None:
    """Equal, but for the places where the manual says that anything may stand."""
    if isinstance(expected, str) and expected in WHATEVER:
        return
    if isinstance(expected, dict) and isinstance(got, dict):
        assert got.keys() == expected.keys()
        for name, value in expected.items():
            assert_alike(got[name], value)
    else:
        assert got == expected


def sheets(body: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        return sorted(DAY.sub("$DAY", name) for name in opened.namelist())


def only_sheet(body: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        (name,) = opened.namelist()
        return list(csv.reader(io.StringIO(opened.read(name).decode(), newline="")))


def curl(command: str, site: ExampleSite) -> tuple[int, bytes]:
    """What the command would do, without the program."""
    asked = OPTIONS.parse_args(shlex.split(_filled(command, site))[1:])
    headers = dict(header.split(": ", 1) for header in asked.headers)
    if asked.user:
        headers["Authorization"] = "Basic " + base64.b64encode(asked.user.encode()).decode()
    encoded = (f"{name}={quote(value)}" for name, _, value in (text.partition("=") for text in asked.encoded))
    url, data = asked.url.removeprefix(site.server.url), "&".join([*asked.data, *encoded])
    body: bytes | None = None
    if asked.in_address:
        url = f"{url}&{data}"
    elif asked.form:
        body, more = form(EXPORT, label=dict(part.split("=", 1) for part in asked.form)["label"])
        headers |= more
    elif data:
        body = data.encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")  # As curl does.
    method = asked.method or ("GET" if body is None else "POST")
    status, _, answer = site.server.request(method, url, body, headers)
    return status, answer


def _options() -> argparse.ArgumentParser:
    """What the manual uses of curl."""
    options = argparse.ArgumentParser(exit_on_error=False)
    options.add_argument("-H", dest="headers", action="append", default=[])
    options.add_argument("-d", "--data-binary", dest="data", action="append", default=[])
    options.add_argument("--data-urlencode", dest="encoded", action="append", default=[])
    options.add_argument("-F", dest="form", action="append", default=[])
    options.add_argument("-G", dest="in_address", action="store_true")
    options.add_argument("-X", dest="method")
    options.add_argument("-u", dest="user")
    options.add_argument("-o", dest="file")
    options.add_argument("url")
    return options


OPTIONS = _options()


def _filled(command: str, site: ExampleSite) -> str:
    known = {"$HOST": site.server.url, "$KEY": site.key, "$FUNNEL": str(site.funnel_id), "$TOKEN": "unknown"}
    known["$SEGMENT"] = str(site.segment_id)
    for name, value in known.items():
        command = command.replace(name, value)
    return command
