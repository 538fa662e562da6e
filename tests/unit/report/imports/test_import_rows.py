from datetime import date
from typing import Any

import pytest

from passerby.report.imports.errors import ImportRefused
from passerby.report.imports.rows import parse_rows

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


def rows(table: str, *lines: str) -> list[dict[str, Any]]:
    return list(parse_rows([f"{line}\r\n" for line in lines], table, file=f"{table}.csv", window=JANUARY))


def test_columns_are_found_by_name_and_missing_ones_are_empty() -> None:
    assert rows("devices", "visitors,colour,device,date", "3,red,Mobile,2026-01-02") == [
        {"date": "2026-01-02", "device": "Mobile", "visitors": 3, "visits": 0, "visit_duration": 0, "bounces": 0,
         "pageviews": 0},
    ]  # fmt: skip


def test_cells_may_be_quoted_and_hold_line_ends_and_short_rows_end_early() -> None:
    found = rows("entry_pages", "date,entry_page,visitors", '2026-01-02,"/a ""b"",\r\nc",4', "2026-01-03,/d", "")

    assert [(row["entry_page"], row["visitors"]) for row in found] == [('/a "b",\r\nc', 4), ("/d", 0)]


def test_days_outside_the_window_are_left_out() -> None:
    found = rows("visitors", "date", "2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01")

    assert [row["date"] for row in found] == ["2026-01-01", "2026-01-31"]


def test_a_source_gets_its_channel_unless_the_file_names_one() -> None:
    found = rows(
        "sources",
        "date,source,utm_medium,channel",
        "2026-01-02,Google,,",
        "2026-01-02,Google,cpc,",
        "2026-01-02,,,",
        "2026-01-02,Google,,Cross-network",
    )

    assert [row["channel"] for row in found] == ["Organic Search", "Paid Search", "Direct", "Cross-network"]


def test_engagement_and_page_views_are_no_custom_events() -> None:
    lines = [f"2026-01-02,{name},1,1" for name in ("engagement", "pageview", "Signup")]

    assert [row["name"] for row in rows("custom_events", "date,name,visitors,events", *lines)] == ["Signup"]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["visitors", "1"], "visitors.csv: the first line has no column `date`."),
        ([], "visitors.csv: the first line has no column `date`."),
        (["date", "2026-01-02", "01/02/2026"], "visitors.csv, line 3: date: '01/02/2026' is not a date such as"),
        (["date", "2026-02-30"], "visitors.csv, line 2: "),
        (["date,visitors", "2026-01-02,-1"], "visitors.csv, line 2: visitors: '-1' is not a whole number"),
        (["date,visitors", "2026-01-02,1.5"], "visitors.csv, line 2: visitors: '1.5' is not a whole number"),
        (["date,visitors", f"2026-01-02,{2**64}"], "visitors.csv, line 2: visitors: "),
        (["date,visitors", f"2026-01-02,{'9' * 5000}"], "visitors.csv, line 2: visitors: "),
        (["date,visitors", '2026-01-02,"1'], "visitors.csv, line 2: "),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_by_file_line_and_column(lines: list[str], text: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        rows("visitors", *lines)
    assert caught.value.message.startswith(text)


def test_the_largest_count_is_kept_exactly() -> None:
    assert rows("visitors", "date,visitors", f"2026-01-02,{2**64 - 1}")[0]["visitors"] == 2**64 - 1
