"""Days as people in the site's zone live them, with 23, 24 or 25 hours."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from passerby.query import ranges
from passerby.query.ranges import Compare, Period, Range

NOW = datetime(2026, 2, 18, 12, 30, tzinfo=UTC)
UTC_ZONE = ZoneInfo("Etc/UTC")


def resolved(
    kind: str, *, count: int = 0, zone: str = "Etc/UTC", now: datetime = NOW, first: date | None = None
) -> list[str]:
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    return ranges.resolve(Period(kind, count=count), today=today, now=now, zone=place, first_stats_on=first).iso()


@pytest.mark.parametrize(
    ("kind", "count", "first", "last"),
    [
        ("day", 0, "2026-02-18T00:00:00Z", "2026-02-18T23:59:59Z"),
        ("24h", 0, "2026-02-17T12:30:00Z", "2026-02-18T12:30:00Z"),
        ("days", 7, "2026-02-11T00:00:00Z", "2026-02-17T23:59:59Z"),
        ("month", 0, "2026-02-01T00:00:00Z", "2026-02-28T23:59:59Z"),
        ("months", 6, "2025-08-01T00:00:00Z", "2026-01-31T23:59:59Z"),
        ("year", 0, "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"),
        ("all", 0, "2026-02-18T00:00:00Z", "2026-02-18T23:59:59Z"),
        ("realtime", 0, "2026-02-18T12:25:00Z", "2026-02-18T12:30:05Z"),
        ("realtime_30m", 0, "2026-02-18T12:00:00Z", "2026-02-18T12:30:05Z"),
    ],
)
def test_a_period_has_its_ends(kind: str, count: int, first: str, last: str) -> None:
    assert resolved(kind, count=count) == [first, last]


def test_today_is_the_sites_today() -> None:
    late = datetime(2026, 2, 18, 23, 30, tzinfo=UTC)

    assert resolved("day", zone="Asia/Tokyo", now=late)[0] == "2026-02-19T00:00:00+09:00"


def test_all_time_begins_with_the_first_day_that_has_stats() -> None:
    assert resolved("all", first=date(2025, 3, 1))[0] == "2025-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        ("America/Santiago", date(2022, 9, 11), "2022-09-11T01:00:00-03:00", "2022-09-11T23:59:59-03:00"),
        ("America/Havana", date(2023, 11, 5), "2023-11-05T00:00:00-05:00", "2023-11-05T23:59:59-05:00"),
        ("America/Asuncion", date(2024, 3, 23), "2024-03-23T00:00:00-03:00", "2024-03-23T23:59:59-03:00"),
        ("Europe/London", date(2026, 3, 29), "2026-03-29T00:00:00+00:00", "2026-03-29T23:59:59+01:00"),
    ],
)
def test_a_day_that_begins_or_ends_in_a_clock_change_has_honest_ends(
    zone: str, day: date, first: str, last: str
) -> None:
    assert ranges.days(day, day, ZoneInfo(zone)).iso() == [first, last]


def test_an_end_inside_a_gap_is_the_second_before_it() -> None:
    # Pacific/Apia skipped the whole of 30 December 2011.
    end = ranges.end_of(datetime.combine(date(2011, 12, 30), ranges.LAST_SECOND), ZoneInfo("Pacific/Apia"))

    assert end == datetime(2011, 12, 30, 9, 59, 59, tzinfo=UTC)


def test_ends_the_wrong_way_round_are_swapped() -> None:
    assert ranges.days(date(2026, 2, 2), date(2026, 2, 1), UTC_ZONE).day_count == 2
    assert ranges.instants(NOW, datetime(2026, 2, 1, tzinfo=UTC), UTC_ZONE).last == NOW


@pytest.mark.parametrize(
    ("last", "bucket"),
    [
        (date(2026, 1, 2), "time:hour"),
        (date(2026, 1, 3), "time:day"),
        (date(2026, 2, 10), "time:day"),
        (date(2026, 2, 11), "time:week"),
        (date(2026, 12, 31), "time:week"),
        (date(2027, 1, 7), "time:month"),
    ],
)
def test_longer_ranges_get_wider_buckets(last: date, bucket: str) -> None:
    assert ranges.bucket_of(ranges.days(date(2026, 1, 1), last, UTC_ZONE)) == bucket


def labels(first: date, last: date, dimension: str, *, zone: str = "Etc/UTC", now: datetime = NOW) -> list[str]:
    return ranges.labels(ranges.days(first, last, ZoneInfo(zone)), dimension, now=now)


def test_weeks_are_named_by_their_monday_and_the_first_by_the_ranges_start() -> None:
    assert labels(date(2021, 9, 1), date(2021, 9, 30), "time:week") == [
        "2021-09-01",
        "2021-09-06",
        "2021-09-13",
        "2021-09-20",
        "2021-09-27",
    ]


def test_months_are_named_by_their_first_day_even_when_the_range_begins_later() -> None:
    assert labels(date(2025, 12, 15), date(2026, 2, 1), "time:month") == ["2025-12-01", "2026-01-01", "2026-02-01"]


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [(date(2026, 3, 29), 23, "2026-03-29 22:00:00"), (date(2026, 10, 25), 25, "2026-10-26 00:00:00")],
)
def test_a_day_has_as_many_hours_as_elapse_in_it(day: date, count: int, last: str) -> None:
    hours = labels(day, day, "time:hour", zone="Europe/Berlin")

    assert len(hours) == count
    assert hours[-1] == last


def test_minutes_still_running_have_no_label_yet() -> None:
    recent = ranges.resolve(Period("realtime_30m"), today=NOW.date(), now=NOW, zone=UTC_ZONE, first_stats_on=None)

    minutes = ranges.labels(recent, "time:minute", now=NOW.replace(second=40))

    assert (len(minutes), minutes[0], minutes[-1]) == (30, "2026-02-18 12:00:00", "2026-02-18 12:29:00")


def test_a_past_day_has_all_its_minutes() -> None:
    minutes = labels(date(2026, 2, 1), date(2026, 2, 1), "time:minute")

    assert (len(minutes), minutes[-1]) == (1440, "2026-02-01 23:59:00")


@pytest.mark.parametrize(
    ("dimension", "label"),
    [
        ("time:minute", "2026-02-18 13:30:00"),
        ("time:hour", "2026-02-18 13:00:00"),
        ("time:day", "2026-02-18"),
        ("time:week", "2026-02-17"),
        ("time:month", "2026-02-01"),
    ],
)
def test_a_moment_belongs_to_the_bucket_of_its_local_time(dimension: str, label: str) -> None:
    whole = ranges.days(date(2026, 2, 17), date(2026, 2, 20), ZoneInfo("Europe/Berlin"))

    assert ranges.label_of(NOW, whole, dimension) == label


def test_weeks_and_months_that_the_range_cuts_are_partial() -> None:
    september = ranges.days(date(2021, 9, 1), date(2021, 9, 30), UTC_ZONE)

    assert ranges.partial_labels(september, "time:week") == ["2021-09-01", "2021-09-27"]
    assert ranges.partial_labels(september, "time:month") == []
    assert ranges.partial_labels(ranges.days(date(2021, 9, 2), date(2021, 10, 31), UTC_ZONE), "time:month") == [
        "2021-09-01"
    ]
    assert ranges.partial_labels(september, "time:day") == []


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        ("day", "2026-02-18T12:59:59Z"),
        ("month", "2026-02-18T23:59:59Z"),
        ("year", "2026-02-18T23:59:59Z"),
        ("days", "2026-02-17T23:59:59Z"),
    ],
)
def test_a_running_period_can_be_cut_at_now(kind: str, last: str) -> None:
    period = Period(kind, count=7)
    whole = ranges.resolve(period, today=NOW.date(), now=NOW, zone=UTC_ZONE, first_stats_on=None)

    assert ranges.trim(period, whole, now=NOW).iso()[1] == last


def test_a_past_period_is_never_cut() -> None:
    whole = ranges.resolve(Period("month"), today=date(2026, 1, 5), now=NOW, zone=UTC_ZONE, first_stats_on=None)

    assert ranges.trim(Period("month"), whole, now=NOW) == whole


def test_a_running_month_is_cut_whichever_of_its_days_it_is_asked_by() -> None:
    whole = ranges.resolve(Period("month"), today=date(2026, 2, 5), now=NOW, zone=UTC_ZONE, first_stats_on=None)

    assert ranges.trim(Period("month"), whole, now=NOW).last_day == NOW.date()


# --- Comparisons ---


def compared(compare: Compare, first: date, last: date, *, now: datetime = NOW) -> list[str]:
    other = ranges.comparison(compare, ranges.days(first, last, UTC_ZONE), Period("dates"), now=now)
    return [other.first_day.isoformat(), other.last_day.isoformat()]


def test_the_previous_period_is_as_long_and_ends_just_before() -> None:
    assert compared(Compare("previous_period"), date(2026, 1, 11), date(2026, 1, 20)) == ["2026-01-01", "2026-01-10"]


def test_a_month_still_running_is_compared_by_its_elapsed_days() -> None:
    assert compared(Compare("previous_period"), date(2026, 2, 1), date(2026, 2, 28)) == ["2026-01-14", "2026-01-31"]


def test_a_leap_day_is_compared_with_the_day_before_it() -> None:
    assert compared(Compare("year_over_year"), date(2024, 2, 29), date(2024, 3, 1)) == ["2023-02-28", "2023-03-01"]


def test_custom_dates_are_taken_as_they_are() -> None:
    custom = Compare("custom", date(2025, 1, 1), date(2025, 6, 1), match_day_of_week=True)

    assert compared(custom, date(2026, 1, 1), date(2026, 1, 31)) == ["2025-01-01", "2025-06-01"]


def test_weekdays_match_by_moving_on_and_never_onto_the_source_itself() -> None:
    by_weekday = Compare("previous_period", match_day_of_week=True)

    # 30 days before Sunday 1 March 2026 is Friday 30 January; the next Sunday is 1 February.
    assert compared(by_weekday, date(2026, 3, 1), date(2026, 3, 30), now=NOW.replace(month=5)) == [
        "2026-02-01",
        "2026-03-02",
    ]
    # The day before a Wednesday: moving on to the next Wednesday would be the source, so it is the one before.
    assert compared(by_weekday, date(2026, 2, 18), date(2026, 2, 18)) == ["2026-02-11", "2026-02-11"]
    assert compared(by_weekday, date(2026, 2, 8), date(2026, 2, 14)) == ["2026-02-01", "2026-02-07"]


@pytest.mark.parametrize(
    ("compare", "first"),
    [
        (Compare("previous_period"), datetime(2026, 2, 16, 12, 30, tzinfo=UTC)),
        (Compare("previous_period", match_day_of_week=True), datetime(2026, 2, 10, 12, 30, tzinfo=UTC)),
        (Compare("year_over_year"), datetime(2025, 2, 17, 12, 30, tzinfo=UTC)),
    ],
)
def test_the_last_24_hours_are_compared_by_instants(compare: Compare, first: datetime) -> None:
    period = Period("24h")
    source = ranges.resolve(period, today=NOW.date(), now=NOW, zone=UTC_ZONE, first_stats_on=None)

    other = ranges.comparison(compare, source, period, now=NOW)

    assert (other.first, other.seconds) == (first, source.seconds)


def test_a_period_without_its_ends_is_our_mistake() -> None:
    for kind in ("dates", "instants"):
        with pytest.raises(TypeError):
            ranges.resolve(Period(kind), today=NOW.date(), now=NOW, zone=UTC_ZONE, first_stats_on=None)


def test_a_range_knows_its_length() -> None:
    assert Range(NOW, NOW, UTC_ZONE).seconds == 0
