"""A site's own statistics as sums per day, in the shape that imports have: what an archive of a site holds.

Days are dates in the site's zone; a visit belongs to the day of its last activity. Columns come in the order of
Plausible's files, so that both products read them. What was counted without visitors (ids of 0) adds its page views and
events; those files have no word for "not known", so it adds no visitors and no visits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from passerby.store.store import Store

_SPAN = "site_id = {site:UInt64} AND timestamp >= {first:DateTime('UTC')} AND timestamp < {last:DateTime('UTC')}"
_DAY = "toDate(timestamp, {zone:String}) AS date"
_VISITORS = "uniqExact(visitor_id) AS visitors"
_KNOWN_VISITORS = "uniqExactIf(visitor_id, visitor_id > 0) AS visitors"
_VISIT_SUMS = "count() AS visits, sum(duration) AS visit_duration, countIf(is_bounce) AS bounces"
_PAGEVIEWS = "sum(v.pageviews) AS pageviews"
_URL_EVENTS = "('Outbound Link: Click', 'Cloaked Link: Click', 'File Download')"
_PATH_EVENTS = "('404', 'WP Form Completions', 'Form: Submission')"


@dataclass(frozen=True, slots=True)
class _Table:
    """One file: its columns in order, and the statement that fills them."""

    columns: str
    sql: str


def _visits(keys: Mapping[str, str], columns: str, where: str = "1", sums: str = _VISIT_SUMS) -> _Table:
    """Sums of visits; `keys` says which columns they are grouped by."""
    named = "".join(f", v.{column} AS {key}" for key, column in keys.items())
    by = "".join(f", {key}" for key in keys)
    sql = (
        f"SELECT {columns.replace(' ', ', ')} FROM (SELECT {_DAY}{named}, {_VISITORS}, {sums}, {_PAGEVIEWS} "
        f"FROM visits AS v FINAL WHERE {_SPAN} AND {where} GROUP BY date{by}) ORDER BY date{by}"
    )
    return _Table(columns, sql)


def _arrivals(keys: Mapping[str, str], columns: str, where: str = "1") -> _Table:
    """Sums of visits by what events know too, with the page views of nobody's events among them."""
    counted = [name for name in columns.split() if name != "date" and name not in keys]
    of_visits = _visits(keys, columns, where).sql.partition(" ORDER BY")[0]
    named = {**keys, "pageviews": "count()"}
    of_nobody = ", ".join(f"{named.get(name, '0')} AS {name}" for name in columns.split() if name != "date")
    by = "".join(f", {key}" for key in keys)
    sums = "".join(f", sum({name}) AS {name}_sum" for name in counted)
    shown = ", ".join(f"{name}_sum AS {name}" if name in counted else name for name in columns.split())
    sql = (
        f"SELECT {shown} FROM (SELECT date{by}{sums} FROM ({of_visits} UNION ALL SELECT {_DAY}, {of_nobody} "
        f"FROM events WHERE {_SPAN} AND visit_id = 0 AND name = 'pageview' AND {where} GROUP BY date{by}) "
        f"GROUP BY date{by}) ORDER BY date{by}"
    )
    return _Table(columns, sql)


_PAGES = f"""
SELECT date, hostname, page, visits, visitors, pageviews, total_scroll_depth, total_scroll_depth_visits,
       total_time_on_page, total_time_on_page_visits
FROM
(
    SELECT toDate(timestamp, {{zone:String}}) AS date, pathname AS page, any(hostname) AS hostname,
           uniqExactIf(visit_id, visit_id > 0) AS visits, {_KNOWN_VISITORS}, count() AS pageviews
    FROM events WHERE {_SPAN} AND name = 'pageview' GROUP BY date, page
) AS seen
LEFT JOIN
(
    SELECT date, page, sumIf(depth, depth <= 100) AS total_scroll_depth, countIf(depth <= 100) AS
           total_scroll_depth_visits, toUInt64(round(sum(engaged_ms) / 1000)) AS total_time_on_page,
           count() AS total_time_on_page_visits
    FROM
    (
        SELECT toDate(timestamp, {{zone:String}}) AS date, pathname AS page, visit_id,
               if(countIf(scroll_depth <= 100) > 0, maxIf(scroll_depth, scroll_depth <= 100), 255) AS depth,
               sum(engagement_time_ms) AS engaged_ms
        FROM events WHERE {_SPAN} AND name = 'engagement' AND visit_id > 0 GROUP BY date, page, visit_id
    )
    GROUP BY date, page
) AS engaged USING (date, page)
ORDER BY date, page
"""
_EVENTS = f"""
SELECT date, name, link_url, path, visitors, events
FROM
(
    SELECT {_DAY}, name, if(name IN {_URL_EVENTS}, props['url'], '') AS link_url,
           if(name IN {_PATH_EVENTS}, props['path'], '') AS path, {_KNOWN_VISITORS}, count() AS events
    FROM events WHERE {_SPAN} AND name NOT IN ('pageview', 'engagement')
    GROUP BY date, name, link_url, path
)
ORDER BY date, name, link_url, path
"""
_PROPERTIES = f"""
SELECT date, property, value, visitors, events
FROM
(
    SELECT {_DAY}, pair.1 AS property, pair.2 AS value, {_KNOWN_VISITORS}, count() AS events
    FROM events ARRAY JOIN CAST(props AS Array(Tuple(String, String))) AS pair
    WHERE {_SPAN} AND name != 'engagement' GROUP BY date, property, value
)
ORDER BY date, property, value
"""
_COMMON = "visitors visits visit_duration bounces pageviews"
_TAGS = {f"utm_{name}": f"utm_{name}" for name in ("source", "medium", "campaign", "content", "term")}
_PLACE = {"country": "country_code", "region": "subdivision1_code", "city": "city_geoname_id"}
_TABLES: Mapping[str, _Table] = {
    "imported_visitors": _arrivals({}, "date visitors pageviews bounces visits visit_duration"),
    "imported_sources": _arrivals(
        {"source": "referrer_source", "referrer": "referrer", **_TAGS},
        f"date source referrer {' '.join(_TAGS)} pageviews visitors visits visit_duration bounces",
    ),
    "imported_pages": _Table(
        "date hostname page visits visitors pageviews total_scroll_depth total_scroll_depth_visits "
        "total_time_on_page total_time_on_page_visits",
        _PAGES,
    ),
    "imported_entry_pages": _visits(
        {"entry_page": "entry_page"},
        "date entry_page visitors entrances visit_duration bounces pageviews",
        sums=_VISIT_SUMS.replace("visits,", "entrances,"),
    ),
    "imported_exit_pages": _visits(
        {"exit_page": "exit_page"},
        "date exit_page visitors visit_duration exits bounces pageviews",
        sums=_VISIT_SUMS.replace("visits,", "exits,"),
    ),
    "imported_custom_events": _Table("date name link_url path visitors events", _EVENTS),
    "imported_locations": _arrivals(
        _PLACE, f"date country region city {_COMMON}", where="country_code NOT IN ('', 'ZZ')"
    ),
    "imported_devices": _arrivals({"device": "screen_size"}, f"date device {_COMMON}"),
    "imported_browsers": _arrivals(
        {"browser": "browser", "browser_version": "browser_version"}, f"date browser browser_version {_COMMON}"
    ),
    "imported_operating_systems": _arrivals(
        {"operating_system": "operating_system", "operating_system_version": "operating_system_version"},
        f"date operating_system operating_system_version {_COMMON}",
    ),
    "imported_custom_props": _Table("date property value visitors events", _PROPERTIES),
}


def days_of(store: Store, site_id: int, zone: ZoneInfo) -> tuple[date, date] | None:
    """The first and the last local day with an event; None before there is any."""
    sql = "SELECT min(timestamp), max(timestamp), count() FROM events WHERE site_id = {site:UInt64}"
    ((first, last, count),) = store.query(sql, {"site": site_id}).rows
    return (_local(first, zone), _local(last, zone)) if count else None


def daily_sums(store: Store, site_id: int, zone: ZoneInfo) -> Iterator[tuple[str, tuple[str, ...], Iterator[Any]]]:
    """Every table of an archive: its name, its columns, and its rows as the engine hands them over.

    Raises: StoreUnavailable.
    """
    days = days_of(store, site_id, zone)
    for name, table in _TABLES.items():
        yield name, tuple(table.columns.split()), _rows(store, table.sql, site_id, zone, days)


def _rows(
    store: Store, sql: str, site_id: int, zone: ZoneInfo, days: tuple[date, date] | None
) -> Iterator[Sequence[Any]]:
    """A month at a time, so that the engine never groups more than that."""
    month, last = (days[0].replace(day=1), days[1]) if days else (date.max, date.min)
    while month <= last:
        following = (month + timedelta(days=31)).replace(day=1)
        bounds = {name: _midnight(day, zone) for name, day in (("first", month), ("last", following))}
        for block in store.stream(sql, {"site": site_id, "zone": zone.key, **bounds}):
            yield from block
        month = following


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.replace(tzinfo=UTC).astimezone(zone).date()
