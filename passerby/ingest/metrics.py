"""Counters for operators, in Prometheus' text format. Totals only: nothing about a site or a visitor."""

from collections.abc import Iterator

from passerby.ingest.drops import DropReason
from passerby.ingest.pipeline import Ingest


def render_metrics(ingest: Ingest) -> bytes:
    """Every counter and gauge."""
    return "\n".join([*_lines(ingest), ""]).encode()


def _lines(ingest: Ingest) -> Iterator[str]:
    counters, flusher = ingest.counters, ingest.flusher
    yield from _metric("passerby_events_accepted_total", "counter", "Events acknowledged.", counters.accepted_count)
    yield "# HELP passerby_events_dropped_total Hits not counted, by reason."
    yield "# TYPE passerby_events_dropped_total counter"
    for reason in DropReason:
        yield f'passerby_events_dropped_total{{reason="{reason}"}} {counters.dropped[reason]}'
    yield from _metric("passerby_visits_live", "gauge", "Visits that may still go on.", len(ingest.visits))
    yield from _metric(
        "passerby_visits_evicted_total",
        "counter",
        "Live visits forgotten for want of room.",
        ingest.visits.evicted_count,
    )
    yield from _metric("passerby_journal_syncs_total", "counter", "Group commits.", ingest.committer.syncs_count)
    yield from _metric(
        "passerby_journal_failing", "gauge", "1 while the journal cannot be written.", int(ingest.committer.failing)
    )
    yield from _metric(
        "passerby_journal_waiting_bytes", "gauge", "Closed segments the store does not have yet.", flusher.bytes
    )
    yield from _metric(
        "passerby_journal_waiting_segments", "gauge", "Closed segments the store does not have yet.", flusher.segments
    )
    yield from _metric(
        "passerby_journal_refused_segments_total",
        "counter",
        "Segments set aside because the store refused them.",
        flusher.refused_count,
    )
    yield from _metric("passerby_store_failing", "gauge", "1 while the store takes no events.", int(flusher.failing))


def _metric(name: str, kind: str, meaning: str, value: int) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
    yield f"{name} {value}"
