"""The two rows the store keeps: an event as it happened, a visit as it stands now.

Field names are the columns' names. Each column is in docs/data-inventory.md with purpose and lifetime. Nothing
here can hold an IP address or a User-Agent.
"""

import msgspec


class EventRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stored event. It carries copies of its visit's attributes, so that filters need no join."""

    site_id: int
    timestamp: int  # Unix seconds, UTC.
    arrival: int  # Grows with every event the process accepts; ties in `timestamp` are ordered by it.
    name: str
    hostname: str
    pathname: str
    visitor_id: int  # 64 unsigned bits; see ingest/visitor.py.
    visit_id: int  # 63 bits, growing with the arrival of the event that opened the visit; see ingest/arrivals.py.
    interactive: bool = True
    props: dict[str, str] = {}
    scroll_depth: int = 255  # Percent, 0..100; 255 means not measured; 0 on events other than engagement.
    engagement_time_ms: int = 0
    revenue_source_amount: float | None = None
    revenue_source_currency: str = ""
    revenue_reporting_amount: float | None = None
    revenue_reporting_currency: str = ""
    referrer: str = ""
    referrer_source: str = ""
    channel: str = ""
    click_id_param: str = ""
    utm_medium: str = ""
    utm_source: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    country_code: str = ""
    subdivision1_code: str = ""
    subdivision2_code: str = ""
    city_geoname_id: int = 0
    screen_size: str = ""
    browser: str = ""
    browser_version: str = ""
    operating_system: str = ""
    operating_system_version: str = ""


class VisitRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visit as of its last event. Writing a row with a higher `version` replaces the earlier state."""

    site_id: int
    visit_id: int
    visitor_id: int
    version: int  # `arrival` of the event that made this state.
    start: int  # Unix seconds, UTC. Never changes within a visit.
    timestamp: int  # Last activity that changed the stored visit.
    duration: int  # Seconds.
    is_bounce: bool
    pageviews: int
    events: int
    hostname: str = ""  # Of the entry page.
    entry_page: str = ""
    exit_page: str = ""
    exit_page_hostname: str = ""
    entry_props: dict[str, str] = {}
    referrer: str = ""
    referrer_source: str = ""
    channel: str = ""
    click_id_param: str = ""
    utm_medium: str = ""
    utm_source: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    country_code: str = ""
    subdivision1_code: str = ""
    subdivision2_code: str = ""
    city_geoname_id: int = 0
    screen_size: str = ""
    browser: str = ""
    browser_version: str = ""
    operating_system: str = ""
    operating_system_version: str = ""
