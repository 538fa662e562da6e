"""Backfill: events that already happened, taken by the rules of live ones, all of a request or nothing.

The visits come from the same code that live hits use, across requests of one series too. Rows go through a journal
segment of their own, so that a crash half-way is completed by the next start.

Source: docs/ingest.md, "Backfill"; docs/decisions/0014-backfill.md.
"""

import threading
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from passerby.errors import Refusal
from passerby.ingest.arrivals import Arrivals
from passerby.ingest.backfill_line import Line, LineRefused, at_of, attributes_of, number_of, parse_line, props_of
from passerby.ingest.currency import Rates
from passerby.ingest.directory import Site, SiteId
from passerby.ingest.flusher import Flusher, flush_segment
from passerby.ingest.hit import ENGAGEMENT, SCROLL_NOT_MEASURED, SYSTEM_EVENTS
from passerby.ingest.journal import SUFFIX, Segment, draft_segment, publish_segment, remove_segment
from passerby.ingest.lines import EventOwn, encode_attributes, encode_event, encode_visit, live_visit_of
from passerby.ingest.receipts import Receipts
from passerby.ingest.series import Series, request_key, series_visitor
from passerby.ingest.visitor import NOBODY, VisitorId
from passerby.ingest.visits import Key, LiveVisit, Moment, Visits, advance, open_visit
from passerby.store.errors import StoreUnavailable
from passerby.store.store import Store
from passerby.store.visits import latest_visits

LINES_MAX = 500_000
BYTES_MAX = 256 * 1024 * 1024
PROBLEMS_TOLD_MAX = 20
VISITORS_PER_QUESTION_MAX = 10_000
SERIES_VISITS_MAX = 50_000  # Latest visits of series, kept so that a short request need not ask the store.
LOCKS = 64  # Requests for one site wait for each other; most others do not.
STORE_SECONDS_MAX = 10.0
STORE_RETRY_SECONDS = 0.25


class BackfillRefused(Refusal):
    """Nothing was imported. `problems` has a line number (from 1) and a reason for each bad line, up to a limit."""

    code: ClassVar[str] = "backfill_invalid"

    def __init__(self, problems: Sequence[tuple[int, str]]) -> None:
        self.problems = list(problems[:PROBLEMS_TOLD_MAX])
        told = "; ".join(f"line {number}: {reason}" for number, reason in self.problems)
        more = len(problems) - len(self.problems)
        super().__init__(f"Nothing was imported. {told}{f'; and {more} more lines' if more else ''}")


class BackfillTooLarge(Refusal):
    """One request has a bound; split the file."""

    status: ClassVar[int] = 413
    code: ClassVar[str] = "backfill_too_large"


class Backfill:
    """Takes requests, one per site at a time. Called from request threads."""

    def __init__(
        self,
        *,
        store: Store,
        folder: Path,
        arrivals: Arrivals,
        series: Series,
        receipts: Receipts,
        rates: Rates,
        flusher: Flusher,
    ) -> None:
        self._store = store
        self._folder = folder
        self._arrivals = arrivals
        self._series = series
        self._receipts = receipts
        self._rates = rates
        self._flusher = flusher
        self._memory = Visits(visits_max=SERIES_VISITS_MAX)
        self._memory_lock = threading.Lock()
        self._locks = [threading.Lock() for _ in range(LOCKS)]

    def take(self, site: Site, body: bytes, *, idempotency_key: str | None, now: datetime) -> int:
        """Import a request. Returns how many events it brought; they are queryable then.

        Raises: BackfillRefused, BackfillTooLarge; StoreUnavailable and OSError, and then nothing was imported.
        """
        with self._locks[site.id % LOCKS]:
            if idempotency_key is not None:
                taken = self._receipts.imported(site.id, idempotency_key)
                if taken is not None:
                    return taken
            lines = parse_lines(body)
            run = self._run(site, lines, now=int(now.timestamp()))
            rows = run.rows()
            count = len(rows) // 2
            if count:
                self._keep(site.id, rows, idempotency_key)
                self._remember(run)
            return count

    def forget_site(self, site_id: SiteId) -> None:
        """Forget the visits of a site: its statistics were deleted."""
        with self._memory_lock:
            self._memory.forget_site(site_id)

    def _run(self, site: Site, lines: Sequence[Line], *, now: int) -> "_Run":
        first_arrival = self._arrivals.take(len(lines), now_us=now * 1_000_000)
        run = _Run(site, self._rates, self._arrivals, first_arrival=first_arrival)
        visitors = self._visitors(site, lines, now=now)
        run.visits.load(self._earlier_visits(site, lines, visitors))
        for line, visitor in zip(lines, visitors, strict=True):
            run.add(line, visitor)
        return run

    def _visitors(self, site: Site, lines: Sequence[Line], *, now: int) -> list[VisitorId]:
        if not site.counts_visitors:
            return [NOBODY] * len(lines)
        keys: dict[str | None, bytes] = {None: request_key()}
        for line in lines:
            if line.visitor_scope not in keys:
                keys[line.visitor_scope] = self._series.key_of(site.id, line.visitor_scope or "", now=now)
        return [series_visitor(keys[line.visitor_scope], line.visitor) for line in lines]

    def _earlier_visits(self, site: Site, lines: Sequence[Line], visitors: Sequence[VisitorId]) -> list[LiveVisit]:
        """The latest visits of visitors of a series: from memory, and from the store where memory may have gaps."""
        in_series = {v for line, v in zip(lines, visitors, strict=True) if line.visitor_scope is not None}
        remembered = {v: visit for v in in_series if (visit := self._memory.get((site.id, v))) is not None}
        visits = list(remembered.values())
        if self._series.recalled or self._memory.evicted_count:
            visits += self._stored_visits(site, sorted(in_series - remembered.keys()))
        return visits

    def _stored_visits(self, site: Site, visitors: Sequence[VisitorId]) -> list[LiveVisit]:
        return [
            live_visit_of(seen.row, last_activity=seen.last_activity)
            for first in range(0, len(visitors), VISITORS_PER_QUESTION_MAX)
            for seen in latest_visits(
                self._store, site_id=site.id, visitor_ids=visitors[first : first + VISITORS_PER_QUESTION_MAX]
            )
        ]

    def _remember(self, run: "_Run") -> None:
        with self._memory_lock:
            for key, visit in run.latest.items():
                self._memory.put(key, visit)

    def _keep(self, site_id: SiteId, rows: list[bytes], idempotency_key: str | None) -> None:
        """Make the request true, then put its rows into the store."""
        draft = draft_segment(self._folder, first_arrival=self._arrivals.last, lines=rows)
        try:
            if idempotency_key is not None:
                self._receipts.add(site_id, idempotency_key, imported=len(rows) // 2, segment=draft.stem)
            path = publish_segment(draft)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        segment = Segment(path.name.removesuffix(SUFFIX), rows[0::2], [line for line in rows[1::2] if line])
        if self._flush(segment):
            remove_segment(path)
        else:
            self._flusher.add(path, path.stat().st_size)

    def _flush(self, segment: Segment) -> bool:
        """False when the store stays away: the rows are safe in the journal and follow when it is back."""
        deadline = time.monotonic() + STORE_SECONDS_MAX
        while True:
            try:
                flush_segment(self._store, segment)
            except StoreUnavailable:
                if time.monotonic() > deadline:
                    return False
                time.sleep(STORE_RETRY_SECONDS)
            else:
                return True


class _Run:
    """One request: its rows as they come about, and the visits they make."""

    def __init__(self, site: Site, rates: Rates, arrivals: Arrivals, *, first_arrival: int) -> None:
        self.visits = Visits(visits_max=2 * LINES_MAX)
        self._site = site
        self._rates = rates
        self._arrivals = arrivals
        self._arrival = first_arrival - 1
        self.latest: dict[Key, LiveVisit] = {}  # Of series only; other visitors can never come back.
        self._rows: list[bytes] = []
        self._last: dict[int, tuple[int, LiveVisit]] = {}  # Visit → where its state goes, and the state.

    def add(self, line: Line, visitor: VisitorId) -> None:
        """One more event, in the order given. Engagement of nobody's visit is not stored, as with live events."""
        props = props_of(line)
        self._arrival += 1
        interactive = line.interactive or line.name in SYSTEM_EVENTS
        at = int(at_of(line).timestamp())
        hostname = self._site.domain if line.hostname is None else line.hostname
        moment = Moment(line.name, at, self._arrival, hostname, line.pathname, interactive, props)
        if visitor == NOBODY:
            self._store(self._event(line, moment, None), encode_attributes(attributes_of(line)))
            return
        key = (self._site.id, visitor)
        before = self.visits.alive(key, at)
        if before is None and line.name == ENGAGEMENT:
            return
        if before is None:
            attributes = encode_attributes(attributes_of(line))
            visit_id = self._arrivals.visit_id(self._arrival)
            visit = open_visit(key, moment, visit_id=visit_id, attributes=attributes)
        else:
            visit = advance(before, moment)
        self.visits.put(key, visit)
        if line.visitor_scope is not None:
            self.latest[key] = visit
        if line.name != ENGAGEMENT:
            self._last[visit.state.visit_id] = (len(self._rows) + 1, visit)
        self._store(self._event(line, moment, visit), visit.attributes)

    def rows(self) -> list[bytes]:
        """Every row, each visit's state once."""
        for position, visit in self._last.values():
            self._rows[position] = encode_visit(visit)
        return self._rows

    def _store(self, event: EventOwn, attributes: bytes) -> None:
        self._rows.append(encode_event(event, attributes))
        self._rows.append(b"")

    def _event(self, line: Line, moment: Moment, visit: LiveVisit | None) -> EventOwn:
        amount, currency, reporting_amount, reporting_currency = self._money(line)
        is_engagement = line.name == ENGAGEMENT
        depth = SCROLL_NOT_MEASURED if line.scroll_depth is None else line.scroll_depth
        return EventOwn(
            site_id=self._site.id,
            timestamp=moment.timestamp,
            arrival=moment.arrival,
            name=moment.name,
            hostname=moment.hostname,
            pathname=moment.pathname,
            visitor_id=visit.state.visitor_id if visit else NOBODY,
            visit_id=visit.state.visit_id if visit else 0,
            interactive=moment.interactive,
            props=moment.props,
            scroll_depth=depth if is_engagement else 0,
            engagement_time_ms=line.engagement_time or 0,
            revenue_source_amount=amount,
            revenue_source_currency=currency,
            revenue_reporting_amount=reporting_amount,
            revenue_reporting_currency=reporting_currency,
        )

    def _money(self, line: Line) -> tuple[float | None, str, float | None, str]:
        """Stored values are kept as given; what is not given is converted to the goal's currency."""
        revenue = line.revenue
        if revenue is None:
            return None, "", None, ""
        amount = number_of(revenue.amount)
        target = revenue.reporting_currency or self._site.revenue_currencies.get(line.name, revenue.currency)
        if revenue.reporting_amount is not None:
            return amount, revenue.currency, number_of(revenue.reporting_amount), target
        converted = self._rates.convert(amount, revenue.currency, target)
        return amount, revenue.currency, converted, target if converted is not None else ""


def parse_lines(body: bytes) -> list[Line]:
    """Every line of a request; empty ones are skipped but counted.

    Raises: BackfillRefused with every bad line, BackfillTooLarge.
    """
    raw = body.split(b"\n") if len(body) <= BYTES_MAX else []
    if not raw or len(raw) > LINES_MAX + 1:
        raise BackfillTooLarge(f"A request may have {LINES_MAX} lines and {BYTES_MAX} bytes. Split the file.")
    lines: list[Line] = []
    problems: list[tuple[int, str]] = []
    for number, text in enumerate(raw, start=1):
        if not text.strip():
            continue
        try:
            lines.append(parse_line(text))
        except LineRefused as refusal:
            problems.append((number, str(refusal)))
    if problems:
        raise BackfillRefused(problems)
    return lines
