"""Visits as they stand, in memory, by site and visitor: which event continues one, and what it makes of it.

`open_visit` and `advance` are the rule, and pure; `Visits` is the memory around it. Live events and backfill both go
through here.

Source: events-api 11.
"""

from collections.abc import Iterable

import msgspec

from passerby.ingest.directory import SiteId
from passerby.ingest.hit import ENGAGEMENT, PAGEVIEW
from passerby.ingest.visitor import VisitorId

IDLE_MINUTES_MAX = 30
ALIVE_SECONDS = (IDLE_MINUTES_MAX + 1) * 60  # Idle time is counted in whole minutes, so 30:59 still continues.
LIVE_VISITS_MAX = 400_000  # About 1 kB each. Above it the visits that were silent longest are forgotten first.

Key = tuple[SiteId, VisitorId]

# `gc=False` below: there may be hundreds of thousands of these, none can be part of a cycle, and walking them would
# stop the event loop for a tenth of a second now and then.


class Moment(msgspec.Struct, frozen=True, gc=False):
    """What a visit needs to know about an event."""

    name: str
    timestamp: int
    arrival: int
    hostname: str
    pathname: str
    interactive: bool
    props: dict[str, str]


class VisitState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A visit's own part of a `VisitRow`; the rest are its attributes, which never change."""

    site_id: int
    visit_id: int
    visitor_id: int
    version: int
    start: int
    timestamp: int
    duration: int
    is_bounce: bool
    pageviews: int
    events: int
    hostname: str = ""
    entry_page: str = ""
    exit_page: str = ""
    exit_page_hostname: str = ""
    entry_props: dict[str, str] = {}


class LiveVisit(msgspec.Struct, frozen=True, gc=False):
    """A visit that may still continue. `last_activity` also moves with engagement, which the stored row ignores."""

    state: VisitState
    attributes: bytes  # What every row of the visit repeats, ready to be written; see `ingest/lines.py`.
    last_activity: int


def is_alive(visit: LiveVisit, now: int) -> bool:
    """Does an event at `now` continue the visit? An earlier one always does."""
    return now - visit.last_activity < ALIVE_SECONDS


def open_visit(key: Key, moment: Moment, *, visit_id: int, attributes: bytes) -> LiveVisit:
    """The visit that begins with this event."""
    is_pageview = moment.name == PAGEVIEW
    hostname, pathname = (moment.hostname, moment.pathname) if is_pageview else ("", "")
    state = VisitState(
        site_id=key[0],
        visit_id=visit_id,
        visitor_id=key[1],
        version=moment.arrival,
        start=moment.timestamp,
        timestamp=moment.timestamp,
        duration=0,
        is_bounce=is_pageview or not moment.interactive,
        pageviews=1 if is_pageview else 0,
        events=1,
        hostname=hostname,
        entry_page=pathname,
        exit_page=pathname,
        exit_page_hostname=hostname,
        entry_props=moment.props,
    )
    return LiveVisit(state, attributes, moment.timestamp)


def advance(visit: LiveVisit, moment: Moment) -> LiveVisit:
    """The visit after one more event. Engagement only shows that somebody is still there."""
    state = visit.state
    if moment.name == ENGAGEMENT:
        return LiveVisit(state, visit.attributes, moment.timestamp)
    is_pageview = moment.name == PAGEVIEW
    is_entry = is_pageview and state.pageviews == 0
    advanced = VisitState(
        site_id=state.site_id,
        visit_id=state.visit_id,
        visitor_id=state.visitor_id,
        version=moment.arrival,
        start=state.start,
        timestamp=moment.timestamp,
        duration=abs(moment.timestamp - state.start),
        # One page and nothing else done is a bounce; so is a first page after events nobody caused.
        is_bounce=state.is_bounce and (is_entry if is_pageview else not moment.interactive),
        pageviews=state.pageviews + is_pageview,
        events=state.events + 1,
        hostname=moment.hostname if is_entry else state.hostname,
        entry_page=moment.pathname if is_entry else state.entry_page,
        exit_page=moment.pathname if is_pageview else state.exit_page,
        exit_page_hostname=moment.hostname if is_pageview else state.exit_page_hostname,
        entry_props=state.entry_props,
    )
    return LiveVisit(advanced, visit.attributes, moment.timestamp)


class Visits:
    """The memory of live visits, in the order of their last change. Used by one thread at a time."""

    def __init__(self, visits_max: int = LIVE_VISITS_MAX) -> None:
        self._by_visitor: dict[Key, LiveVisit] = {}
        self._visits_max = visits_max
        self.evicted_count = 0  # Visits forgotten while they could still have continued.

    def __len__(self) -> int:
        return len(self._by_visitor)

    def get(self, key: Key) -> LiveVisit | None:
        """The visitor's latest visit, alive or not."""
        return self._by_visitor.get(key)

    def forget_site(self, site_id: SiteId) -> None:
        """Forget every visit of a site: its statistics were deleted."""
        for key in [key for key in self._by_visitor if key[0] == site_id]:
            del self._by_visitor[key]

    def alive(self, key: Key, now: int) -> LiveVisit | None:
        """The visitor's latest visit, if an event at `now` continues it."""
        visit = self._by_visitor.get(key)
        return visit if visit is not None and is_alive(visit, now) else None

    def put(self, key: Key, visit: LiveVisit) -> LiveVisit | None:
        """Remember a visit as the latest of its visitor. Returns what it replaces, which `restore` takes back."""
        before = self._by_visitor.pop(key, None)
        self._by_visitor[key] = visit
        if len(self._by_visitor) > self._visits_max:
            del self._by_visitor[next(iter(self._by_visitor))]
            self.evicted_count += 1
        return before

    def restore(self, key: Key, before: LiveVisit | None) -> None:
        """Undo `put`, for an event that could not be made durable."""
        if before is None:
            self._by_visitor.pop(key, None)
        else:
            self._by_visitor[key] = before

    def rename(self, old: Key, new: Key) -> None:
        """The same visitor under the new day's salt: the visit goes on, and keeps the id it began with."""
        visit = self._by_visitor.pop(old, None)
        if visit is not None:
            self._by_visitor[new] = visit

    def load(self, visits: Iterable[LiveVisit]) -> None:
        """Take over visits that were stored before."""
        for visit in visits:
            self.put((SiteId(visit.state.site_id), VisitorId(visit.state.visitor_id)), visit)

    def sweep(self, now: int) -> int:
        """Forget visits that can no longer continue, oldest first. Returns how many."""
        count = 0
        while self._by_visitor:
            key = next(iter(self._by_visitor))
            if is_alive(self._by_visitor[key], now):
                break
            del self._by_visitor[key]
            count += 1
        return count
