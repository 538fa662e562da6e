"""docs/data-inventory.md is the tables, and the tables are docs/data-inventory.md."""

import re
from pathlib import Path

import pytest

from passerby.ops import privacy_audit
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store

PAGE = (Path(__file__).parents[2] / "docs" / "data-inventory.md").read_text(encoding="utf-8")


def described() -> dict[str, list[tuple[str, str, str]]]:
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    return {
        section.split("\n", 1)[0].strip(): re.findall(r"^\| `(\w+)` \| (.+?) \| (\w+) \|$", section, flags=re.MULTILINE)
        for section in sections
    }


def test_every_column_is_described_and_every_described_column_exists(embedded: Store) -> None:
    sql = "SELECT table, name FROM system.columns WHERE database = currentDatabase() ORDER BY table, position"
    stored: dict[str, list[str]] = {}
    for table, name in embedded.query(sql).rows:
        stored.setdefault(table, []).append(name)

    assert {table: [name for name, _, _ in columns] for table, columns in described().items()} == stored


def test_every_column_says_why_and_how_long() -> None:
    for columns in described().values():
        assert all(len(purpose) > 3 and lifetime in {"stats", "import", "always"} for _, purpose, lifetime in columns)


def test_rows_have_the_columns_of_their_table() -> None:
    assert [name for name, _, _ in described()["events"]] == list(EventRow.__struct_fields__)
    assert [name for name, _, _ in described()["visits"]] == list(VisitRow.__struct_fields__)


def test_the_privacy_audit_holds_every_table_against_the_page(
    embedded: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    *_, columns, _ = privacy_audit._check_store(embedded)
    assert columns.result is privacy_audit.Result.PASS

    page = tmp_path / "page.md"
    page.write_text(PAGE.replace("## drops", "## dropped").replace("| `visitor_id` |", "| `somebody` |"))
    monkeypatch.setattr(privacy_audit, "INVENTORY", page)
    *_, columns, _ = privacy_audit._check_store(embedded)
    assert (columns.result, columns.detail) == (
        privacy_audit.Result.FAIL,
        "events.visitor_id, visits.visitor_id, table drops",
    )
