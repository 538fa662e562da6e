import hashlib
import io
import json

from bench.dataset import lines
from bench.figure import Figure, table
from bench.gen_events import Shape, generate, summary, write_ndjson
from bench.load import requests
from bench.panels import PANELS
from bench.query import SQL

SMALL = Shape(events=3000, days=3)
SMALL_SHA256 = "b4392450ecbfce6ad64d04423147c52cf33b13e6744bb15d493b6885d960d856"


def test_the_data_set_is_the_same_bytes_on_every_machine() -> None:
    file = io.StringIO()
    write_ndjson(file, generate(SMALL))
    assert hashlib.sha256(file.getvalue().encode()).hexdigest() == SMALL_SHA256


def test_the_summary_counts_what_was_generated() -> None:
    facts = summary(generate(SMALL))
    assert facts["events"] == 3000
    assert facts["visitors"] <= facts["visits"] <= facts["events"]


def test_every_line_of_the_data_set_is_an_event_the_backfill_knows() -> None:
    events = [json.loads(line) for line in lines(SMALL)]
    assert len(events) == 3000
    assert {event["channel"] for event in events} >= {"Direct", "Organic Search"}


def test_requests_are_whole_and_announce_their_length() -> None:
    head, body = requests("http://127.0.0.1:8000/api/event", domain="example.com", count=1)[0].split(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["d"] == "example.com"


def test_every_panel_has_hand_written_sql_beside_it() -> None:
    assert set(SQL) == set(PANELS)


def test_a_figure_over_its_bound_is_called_missed() -> None:
    held, missed = Figure(name="a", value=1, at_most=2), Figure(name="b", value=float("nan"), at_least=2)
    assert [held.verdict, missed.verdict] == ["holds", "MISSED"]
    assert "| b | nan | ≥ 2 | MISSED |" in table([held, missed])
