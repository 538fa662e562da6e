import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.archives import archive, form
from tests.support.server import Server

VISITORS = ["date,visitors,pageviews,bounces,visits,visit_duration"]
DEADLINE_SECONDS = 60


class Owner:
    """Ann's program, with one site after another."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.key = server.admin()
        self._sites = 0

    def site(self) -> str:
        self._sites += 1
        return self.server.site(self.key, f"import-{self._sites}.example.com")

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        given = {"Authorization": f"Bearer {self.key}", **headers}
        status, _, answer = self.server.request(method, path, body, given)
        return status, json.loads(answer)

    def send(self, domain: str, content: bytes, **options: str) -> tuple[int, Any]:
        body, headers = form(content, **options)
        return self.request("POST", f"/api/v1/sites/{domain}/imports", body, **headers)

    def visitors(self, domain: str, **query: Any) -> int:
        asked = {
            "site_id": domain,
            "metrics": ["visitors"],
            "date_range": ["2025-01-01", "2025-12-31"],
            "include": {"imports": True},
            **query,
        }
        answer = self.server.json("POST", "/api/v2/query", asked, self.key)
        return sum(row["metrics"][0] for row in answer["results"])


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    home: Path = tmp_path_factory.mktemp("imports")
    with Server(home) as server:
        yield Owner(server)


def test_a_small_archive_is_in_the_answers_when_201_arrives(owner: Owner) -> None:
    domain = owner.site()

    status, record = owner.send(
        domain,
        archive(
            visitors=[*VISITORS, "2025-01-02,7,20,2,9,900", "2025-01-03,1,1,1,1,0"],
            sources=["date,source,utm_medium,visitors,visits,pageviews", "2025-01-02,Google,cpc,5,5,9"],
            pages=[
                "date,page,visitors,visits,pageviews,total_scroll_depth,total_scroll_depth_visits",
                "2025-01-02,/a,5,5,9,300,5",
            ],
        ),
        label="Old site",
    )

    assert status == 201
    assert record == {
        "id": record["id"],
        "source": "csv",
        "label": "Old site",
        "status": "completed",
        "start_date": "2025-01-01",
        "end_date": "2025-01-31",
        "has_scroll_depth": True,
        "pageviews": 21,
        "error": None,
    }
    assert owner.visitors(domain) == 8
    assert owner.visitors(domain, include={}) == 0
    assert owner.visitors(domain, dimensions=["visit:channel"]) == 5
    assert owner.visitors(domain, filters=[["is", "visit:channel", ["Paid Search"]]]) == 5


def test_a_large_archive_is_stored_behind_the_answer_and_can_be_watched(owner: Owner) -> None:
    domain = owner.site()
    filler = "x" * 700
    pages = [f"2025-01-{1 + n % 31:02},/a/{n}/{filler},1,1,1" for n in range(16_000)]

    status, record = owner.send(domain, archive(pages=["date,page,visitors,visits,pageviews", *pages]))

    assert (status, record["status"]) == (202, "importing")
    assert owner.send(domain, archive(visitors=VISITORS))[0] == 409
    assert owner.request("DELETE", f"/api/v1/sites/{domain}/imports/{record['id']}")[0] == 409
    deadline = time.monotonic() + DEADLINE_SECONDS
    while record["status"] == "importing" and time.monotonic() < deadline:
        time.sleep(0.2)
        _, record = owner.request("GET", f"/api/v1/sites/{domain}/imports/{record['id']}")
    assert record["status"] == "completed"
    assert owner.visitors(domain, filters=[["contains", "event:page", ["/a/"]]]) == 16_000


def test_a_broken_row_keeps_the_whole_archive_out(owner: Owner) -> None:
    domain = owner.site()
    broken = archive(
        visitors=[*VISITORS, "2025-01-02,7,7,7,7,7"], devices=["date,device,visitors", "2025-01-02,Mobile,x"]
    )

    status, answer = owner.send(domain, broken)

    assert status == 400
    assert answer["error"].startswith("imported_devices_20250101_20250131.csv, line 2: visitors: 'x'")
    assert owner.visitors(domain) == 0
    _, listed = owner.request("GET", f"/api/v1/sites/{domain}/imports")
    assert [(one["status"], one["error"]) for one in listed["imports"]] == [("failed", answer["error"])]
    assert owner.send(domain, archive(visitors=[*VISITORS, "2025-01-02,7,7,7,7,7"]))[0] == 201


def test_a_deleted_import_leaves_the_answers_and_nothing_else(owner: Owner) -> None:
    domain = owner.site()
    _, first = owner.send(domain, archive(visitors=[*VISITORS, "2025-01-02,7,7,7,7,7"]))
    owner.send(domain, archive("20250301", "20250331", visitors=[*VISITORS, "2025-03-02,2,2,2,2,2"]))

    assert owner.visitors(domain) == 9
    assert owner.request("DELETE", f"/api/v1/sites/{domain}/imports/{first['id']}") == (200, {"deleted": True})
    assert owner.visitors(domain) == 2
    assert owner.request("GET", f"/api/v1/sites/{domain}/imports/{first['id']}")[0] == 404


def test_days_that_are_imported_already_are_left_alone(owner: Owner) -> None:
    domain = owner.site()
    owner.send(domain, archive("20250110", "20250120", visitors=[*VISITORS, "2025-01-15,1,1,1,1,1"]))

    _, record = owner.send(
        domain, archive("20250101", "20250131", visitors=[*VISITORS, "2025-01-15,50,1,1,1,1", "2025-01-25,3,1,1,1,1"])
    )

    assert (record["start_date"], record["end_date"]) == ("2025-01-20", "2025-01-31")
    assert owner.visitors(domain) == 4
    status, answer = owner.send(domain, archive("20250111", "20250119", visitors=VISITORS))
    assert (status, "no room" in answer["error"]) == (400, True)


def test_an_import_without_a_row_takes_no_days(owner: Owner) -> None:
    domain = owner.site()
    owner.send(domain, archive(visitors=VISITORS))

    status, record = owner.send(domain, archive(visitors=[*VISITORS, "2025-01-15,7,1,1,1,1"]))

    assert (status, record["start_date"], record["end_date"]) == (201, "2025-01-01", "2025-01-31")
    assert owner.visitors(domain) == 7


def test_an_import_ends_on_the_day_measuring_began(owner: Owner) -> None:
    domain = owner.site()
    today = datetime.now(UTC).date()
    headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    body = json.dumps({"n": "pageview", "d": domain, "u": f"https://{domain}/"})
    assert owner.server.request("POST", "/api/event", body, headers)[0] == 202
    until = (today + timedelta(days=30)).strftime("%Y%m%d")

    _, record = owner.send(domain, archive("20250101", until, visitors=VISITORS))

    assert record["end_date"] == today.isoformat()


def test_events_backfilled_into_the_past_keep_nobody_from_importing(owner: Owner) -> None:
    domain = owner.site()
    line = json.dumps({"timestamp": "2025-01-05T12:00:00Z", "name": "pageview", "visitor": 1, "hostname": domain})
    owner.request("POST", f"/api/v1/sites/{domain}/events", line.encode())

    _, record = owner.send(domain, archive(visitors=[*VISITORS, "2025-01-20,3,3,3,3,3"]))

    assert record["end_date"] == "2025-01-31"
    assert owner.visitors(domain) == 4


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        (b"not a zip", "file", "The file is not a ZIP archive that can be read."),
        (archive(), "file", "The archive holds no file to import."),
        (archive(visitors=VISITORS), "archive", "Send the archive as the field `file` of a multipart form."),
        (archive("20250101", "20250102", visitors=VISITORS), "file", "There is no room for this import"),
    ],
)
def test_what_is_no_import_is_refused_with_the_remedy(owner: Owner, content: bytes, name: str, text: str) -> None:
    status, answer = owner.send(owner.site(), content, name=name)

    assert status == 400
    assert answer["error"].startswith(text)


def test_a_body_that_is_no_form_is_refused(owner: Owner) -> None:
    path = f"/api/v1/sites/{owner.site()}/imports"
    broken = {"Content-Type": "multipart/form-data; boundary=x"}

    assert owner.request("POST", path, b"hello", **broken)[0] == 400
    assert owner.request("POST", path, b"hello", **{"Content-Type": "multipart/form-data"})[0] == 400
    assert owner.request("POST", path, b"{}", **{"Content-Type": "application/json"})[0] == 400


def test_a_key_without_the_scope_imports_nothing(owner: Owner) -> None:
    domain = owner.site()
    reader = owner.server.key("ann@example.com", "stats:read")
    body, headers = form(archive(visitors=VISITORS))

    status, _, _ = owner.server.request(
        "POST", f"/api/v1/sites/{domain}/imports", body, {**headers, "Authorization": f"Bearer {reader}"}
    )

    assert status == 401
    assert owner.send(domain, archive(visitors=VISITORS))[0] == 201
