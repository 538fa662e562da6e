"""Ranges, buckets, labels and comparisons, by trying rather than by calculating."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOUR = 3600


@dataclass(frozen=True)
class Span:
    """Inclusive Unix seconds, read in a zone."""

    first: int
    last: int
    zone: ZoneInfo

    def local(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment, UTC).astimezone(self.zone).replace(tzinfo=None)

    @property
    def first_day(self) -> date:
        return self.local(self.first).date()

    @property
    def last_day(self) -> date:
        return self.local(self.last).date()

    def holds(self, moment: int) -> bool:
        return self.first <= moment <= self.last


def span_of(asked: Any, *, today: date, now: datetime, zone: ZoneInfo, first_stats_on: date | None) -> Span:
    """The range a `date_range` stands for."""
    seconds = int(now.timestamp())
    hours = {"24h": (24 * HOUR, 0), "realtime": (300, 5), "realtime_30m": (1800, 5)}
    whole = {
        "day": (today, today),
        "month": (today.replace(day=1), _month_end(today)),
        "year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "all": (first_stats_on or today, today),
    }
    if isinstance(asked, list) and "T" in asked[0]:
        ends = [int(datetime.fromisoformat(text).timestamp() // 1) for text in asked]
        return Span(min(ends), max(ends), zone)
    if isinstance(asked, list):
        return days(date.fromisoformat(asked[0]), date.fromisoformat(asked[1]), zone)
    if asked in hours:
        return Span(seconds - hours[asked][0], seconds + hours[asked][1], zone)
    return days(*(whole.get(asked) or _before(asked, today)), zone)


def _before(asked: str, today: date) -> tuple[date, date]:
    """So many days before today, or so many months before this one."""
    count = int(re.sub(r"\D", "", asked))
    if asked.endswith("d"):
        return today - count * DAY, today - DAY
    first = today.replace(day=1)
    for _ in range(count):
        first = (first - DAY).replace(day=1)
    return first, today.replace(day=1) - DAY


def trimmed(asked: Any, span: Span, *, now: datetime) -> Span:
    """A day, month or year that still runs, up to now."""
    seconds = int(now.timestamp())
    if asked not in ("day", "month", "year") or not span.holds(seconds):
        return span
    if asked == "day":
        local = span.local(seconds)
        return Span(span.first, seconds + (3599 - local.minute * 60 - local.second), span.zone)
    return days(span.first_day, span.local(seconds).date(), span.zone)


def days(first: date, last: date, zone: ZoneInfo) -> Span:
    first, last = min(first, last), max(first, last)
    begin = _instant(datetime.combine(first, time.min), zone, is_end=False)
    return Span(begin, _instant(datetime.combine(last, time(23, 59, 59)), zone, is_end=True), zone)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def _instant(local: datetime, zone: ZoneInfo, *, is_end: bool) -> int:
    """Tries every offset the zone has around that day; in a gap, walks to its edge."""
    guess = int(local.replace(tzinfo=UTC).timestamp())
    offsets = {zone.utcoffset(local + n * DAY) for n in (-2, -1, 0, 1, 2)}
    moments = [int((local - offset).replace(tzinfo=UTC).timestamp()) for offset in offsets if offset is not None]
    exact = [m for m in moments if datetime.fromtimestamp(m, UTC).astimezone(zone).replace(tzinfo=None) == local]
    if exact:
        return min(exact) if is_end else max(exact)
    moment = guess - 86_400
    for step in (60, 1):
        while datetime.fromtimestamp(moment + step, UTC).astimezone(zone).replace(tzinfo=None) <= local:
            moment += step
    return moment if is_end else moment + 1


# --- Buckets -----------------------------------------------------------------------------------------------------


def time_dimension(span: Span) -> str:
    """What `time` stands for; whole units that fit between the ends."""
    hours = (span.last - span.first) // HOUR
    if hours <= 48:
        return "time:hour"
    if hours // 24 <= 40:
        return "time:day"
    return "time:week" if hours // 24 // 7 <= 52 else "time:month"


def bucket(name: str, moment: int, span: Span) -> str:
    local = span.local(moment)
    match name:
        case "time:minute":
            return local.strftime("%Y-%m-%d %H:%M:00")
        case "time:hour":
            return local.strftime("%Y-%m-%d %H:00:00")
    return day_bucket(name, local.date(), span)


def day_bucket(name: str, day: date, span: Span) -> str:
    match name:
        case "time:day":
            return day.isoformat()
        case "time:week":
            return max(day - day.weekday() * DAY, span.first_day).isoformat()
        case "time:month":
            return day.replace(day=1).isoformat()
        case _:
            raise ValueError(name)


def labels(name: str, span: Span, *, now: datetime) -> list[str]:
    if name == "time:hour":
        first = span.local(span.first).replace(minute=0, second=0)
        count = (span.last - span.first) // HOUR + 1
        return [f"{first + timedelta(hours=n)}" for n in range(count)]
    if name == "time:minute":
        begin = span.first - span.local(span.first).second
        first = span.local(begin)
        found: list[str] = []
        while begin + 60 * len(found) < span.last and begin + 60 * (len(found) + 1) <= now.timestamp():
            found.append(f"{first + timedelta(minutes=len(found))}")
        return found
    every = [span.first_day + n * DAY for n in range((span.last_day - span.first_day).days + 1)]
    return list(dict.fromkeys(day_bucket(name, day, span) for day in every))


# --- Comparisons -------------------------------------------------------------------------------------------------


def compared(compare: Any, span: Span, asked: Any, *, match_weekday: bool, now: datetime) -> Span:
    """The other period."""
    if isinstance(compare, list):
        return days(date.fromisoformat(compare[0]), date.fromisoformat(compare[1]), span.zone)
    if asked == "24h":
        return _compared_hours(compare, span, match_weekday=match_weekday)
    first, today = span.first_day, span.local(int(now.timestamp())).date()
    last = max(first, min(span.last_day, today))
    length = (last - first).days
    begin = first - (length + 1) * DAY if compare == "previous_period" else _year_before(first)
    if match_weekday:
        begin = next(begin + n * DAY for n in range(7) if (begin + n * DAY).weekday() == first.weekday())
        if begin == first:
            begin -= 7 * DAY
    return days(begin, begin + length * DAY, span.zone)


def _compared_hours(compare: str, span: Span, *, match_weekday: bool) -> Span:
    if compare == "year_over_year":
        ends = [span.local(end) for end in (span.first, span.last)]
        first, last = (datetime.combine(_year_before(end.date()), end.time(), span.zone) for end in ends)
        return Span(int(first.timestamp()), int(last.timestamp()), span.zone)
    shift = 24 * HOUR * (7 if match_weekday else 1)
    return Span(span.first - shift, span.last - shift, span.zone)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 2, 28)
