"""Periods in the site's time zone: what a date range means, its comparison, its buckets and their labels.

Everything is pure: the instant "now" is given. A range is an inclusive pair of instants of whole seconds.
Source: the rules of days that have 23 or 25 hours are in docs/stats-api.md, "Time".
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)

# `time` becomes the finest bucket that keeps a graph readable.
HOURS_OF_HOURS = 48
DAYS_OF_DAYS = 40
WEEKS_OF_WEEKS = 52

LABELS_MAX = 100_000  # A minute series over ten weeks; beyond that a list of labels helps nobody.


@dataclass(frozen=True, slots=True)
class Range:
    """From `first` to `last`, both included, both aware UTC; days and labels are read in `zone`."""

    first: datetime
    last: datetime
    zone: ZoneInfo

    @property
    def first_day(self) -> date:
        """The local date it begins on."""
        return self.first.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The local date it ends on."""
        return self.last.astimezone(self.zone).date()

    @property
    def day_count(self) -> int:
        """Local dates touched."""
        return (self.last_day - self.first_day).days + 1

    @property
    def seconds(self) -> int:
        """Seconds between the ends."""
        return int((self.last - self.first).total_seconds())

    def iso(self) -> list[str]:
        """Both ends as ISO 8601 in the site's zone."""
        return [_iso(self.first, self.zone), _iso(self.last, self.zone)]


def _iso(instant: datetime, zone: ZoneInfo) -> str:
    text = instant.astimezone(zone).isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if zone.key in {"Etc/UTC", "UTC"} else text


def days(first: date, last: date, zone: ZoneInfo) -> Range:
    """Whole local days. Ends the wrong way round are swapped."""
    first, last = min(first, last), max(first, last)
    return Range(
        start_of(datetime.combine(first, time.min), zone), end_of(datetime.combine(last, LAST_SECOND), zone), zone
    )


def instants(first: datetime, last: datetime, zone: ZoneInfo) -> Range:
    """Exact instants, cut to whole seconds. Ends the wrong way round are swapped."""
    first, last = (moment.astimezone(UTC).replace(microsecond=0) for moment in (first, last))
    return Range(min(first, last), max(first, last), zone)


def start_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive local start: just after a gap, the second of two."""
    if (after := _after_gap(local, zone)) is not None:
        return after
    return local.replace(tzinfo=zone, fold=1).astimezone(UTC)


def end_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive local end: just before a gap, the first of two."""
    if (after := _after_gap(local, zone)) is not None:
        return after - SECOND
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive local time that is neither start nor end: just after a gap, the first of two."""
    return _after_gap(local, zone) or local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _after_gap(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant after the gap that swallowed `local`, or None where the clock did show it."""
    late = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == local:
        return None
    early = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    while late - early > SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


@dataclass(frozen=True, slots=True)
class Period:
    """A date range as it was asked for: a word, a number of units, or two ends."""

    kind: str  # day, 24h, month, year, all, days, months, dates, instants, realtime, realtime_30m
    count: int = 0
    first: date | datetime | None = None
    last: date | datetime | None = None

    @property
    def is_realtime(self) -> bool:
        """Realtime ranges never include imports nor comparisons."""
        return self.kind in {"realtime", "realtime_30m"}


REALTIME_SECONDS = {"realtime": 300, "realtime_30m": 1800}
REALTIME_AHEAD = timedelta(seconds=5)  # A visitor's event of this very second is not lost to rounding.


def resolve(period: Period, *, today: date, now: datetime, zone: ZoneInfo, first_stats_on: date | None) -> Range:
    """The instants a period stands for. `today` is the site's date unless the caller asked relative to another."""
    match period.kind:
        case "realtime" | "realtime_30m":
            return instants(now - timedelta(seconds=REALTIME_SECONDS[period.kind]), now + REALTIME_AHEAD, zone)
        case "24h":
            return instants(now - DAY, now, zone)
        case "dates":
            return days(_date(period.first), _date(period.last), zone)
        case "instants":
            return instants(_datetime(period.first), _datetime(period.last), zone)
        case _:
            return days(*_relative(period, today=today, first_stats_on=first_stats_on), zone)


def _relative(period: Period, *, today: date, first_stats_on: date | None) -> tuple[date, date]:
    match period.kind:
        case "day":
            return today, today
        case "days":
            return today - DAY * period.count, today - DAY
        case "month":
            return today.replace(day=1), add_months(today, 1) - DAY
        case "months":
            return add_months(today, -period.count), today.replace(day=1) - DAY
        case "year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case _:
            return first_stats_on or today, today


def _date(value: date | datetime | None) -> date:
    if not isinstance(value, date):
        raise TypeError("A period of dates has two dates.")
    return value


def _datetime(value: date | datetime | None) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError("A period of instants has two instants.")
    return value


def add_months(day: date, count: int) -> date:
    """The first day of the month `count` months away."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def trim(period: Period, whole: Range, *, now: datetime) -> Range:
    """End the current day at the current hour, the current month or year today; leave other periods alone."""
    if not whole.first <= now <= whole.last or period.kind not in {"day", "month", "year"}:
        return whole
    local = now.astimezone(whole.zone)
    if period.kind == "day":
        return replace(whole, last=local.replace(minute=59, second=59, microsecond=0).astimezone(UTC))
    return days(whole.first_day, local.date(), whole.zone)


# --- Buckets -----------------------------------------------------------------------------------------------------


def bucket_of(whole: Range) -> str:
    """The time dimension that `time` stands for."""
    hours = whole.seconds // 3600
    if hours <= HOURS_OF_HOURS:
        return "time:hour"
    if hours // 24 <= DAYS_OF_DAYS:
        return "time:day"
    return "time:week" if hours // 24 // 7 <= WEEKS_OF_WEEKS else "time:month"


def labels(whole: Range, dimension: str, *, now: datetime) -> list[str]:
    """The label of every bucket of the range, with data or without, oldest first."""
    match dimension:
        case "time:month":
            return [day.isoformat() for day in _months(whole)]
        case "time:week":
            return [day.isoformat() for day in _weeks(whole)]
        case "time:day":
            return [(whole.first_day + DAY * n).isoformat() for n in range(whole.day_count)]
        case "time:hour":
            # As many as hours elapse, counted without regard to the clock change: 23 or 25 on those days.
            first = whole.first.astimezone(whole.zone).replace(tzinfo=None, minute=0, second=0)
            count = whole.seconds // 3600 + 1
            return [stamp(first + timedelta(hours=n)) for n in range(min(count, LABELS_MAX))]
        case _:
            # Minutes that have begun, and none that is still running.
            begin = whole.first - timedelta(seconds=whole.first.second)
            first = begin.astimezone(whole.zone).replace(tzinfo=None)
            begun = -((begin - whole.last) // timedelta(minutes=1))
            count = min(begun, (now - begin) // timedelta(minutes=1))
            return [stamp(first + timedelta(minutes=n)) for n in range(min(max(count, 0), LABELS_MAX))]


def label_of(moment: datetime, whole: Range, dimension: str) -> str:
    """The label of the bucket that holds a moment."""
    local = moment.astimezone(whole.zone).replace(tzinfo=None, second=0, microsecond=0)
    day = local.date()
    match dimension:
        case "time:month":
            return day.replace(day=1).isoformat()
        case "time:week":
            return max(day - DAY * day.weekday(), whole.first_day).isoformat()
        case "time:day":
            return day.isoformat()
        case "time:hour":
            return stamp(local.replace(minute=0))
        case _:
            return stamp(local)


def partial_labels(whole: Range, dimension: str) -> list[str]:
    """The weeks and months that the range cuts short."""
    if dimension == "time:week":
        spans = [(day, day - DAY * day.weekday(), day + DAY * (6 - day.weekday())) for day in _weeks(whole)]
    elif dimension == "time:month":
        spans = [(day, day, add_months(day, 1) - DAY) for day in _months(whole)]
    else:
        return []
    return [label.isoformat() for label, first, last in spans if first < whole.first_day or last > whole.last_day]


def stamp(local: datetime) -> str:
    """A label with a time of day."""
    return local.strftime("%Y-%m-%d %H:%M:%S")


def _months(whole: Range) -> Iterator[date]:
    month = whole.first_day.replace(day=1)
    while month <= whole.last_day:
        yield month
        month = add_months(month, 1)


def _weeks(whole: Range) -> Iterator[date]:
    monday = whole.first_day - DAY * whole.first_day.weekday()
    while monday <= whole.last_day:
        yield max(monday, whole.first_day)
        monday += 7 * DAY


# --- Comparisons -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    """The other period: `previous_period`, `year_over_year`, or custom dates."""

    mode: str
    first: date | None = None
    last: date | None = None
    match_day_of_week: bool = False


def comparison(compare: Compare, source: Range, period: Period, *, now: datetime) -> Range:
    """The range to compare `source` with; a period still running compares its elapsed days only."""
    if period.kind == "24h" and compare.mode != "custom":
        return _comparison_of_24h(compare, source)
    zone = source.zone
    today = now.astimezone(zone).date()
    first = source.first_day
    last = min(source.last_day, max(today, first))
    if compare.mode == "custom" and compare.first is not None and compare.last is not None:
        return days(compare.first, compare.last, zone)
    length = (last - first).days
    begin = first - DAY * (length + 1) if compare.mode == "previous_period" else year_before(first)
    if compare.match_day_of_week:
        begin = same_weekday(begin, first)
    return days(begin, begin + DAY * length, zone)


def _comparison_of_24h(compare: Compare, source: Range) -> Range:
    if compare.mode == "year_over_year":
        first, last = (end.astimezone(source.zone) for end in (source.first, source.last))
        return instants(
            first.replace(year=first.year - 1, day=year_before(first.date()).day),
            last.replace(year=last.year - 1, day=year_before(last.date()).day),
            source.zone,
        )
    shift = DAY * (7 if compare.match_day_of_week else 1)
    return Range(source.first - shift, source.last - shift, source.zone)


def year_before(day: date) -> date:
    """The same date a year earlier; 29 February becomes 28 February."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def same_weekday(day: date, wanted: date) -> date:
    """The next date with the weekday of `wanted`, or the one before where that would be `wanted` itself."""
    later = day + DAY * ((wanted.weekday() - day.weekday()) % 7)
    return later - DAY * 7 if later == wanted else later
