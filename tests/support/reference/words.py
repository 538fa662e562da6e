"""The words of the language as the definitions have them: where a dimension's value lives, what empty is called."""

from typing import Any

SESSION_METRICS = {"bounce_rate", "visit_duration", "views_per_visit", "exit_rate", "visit_pageviews", "visit_events"}
EVENT_METRICS = {"pageviews", "events", "scroll_depth", "time_on_page", "total_revenue", "average_revenue"}
CONVERSION_METRICS = {"conversion_rate", "group_conversion_rate", "total_visitors", "group_visitors"}
EITHER_METRICS = {"visitors", "visits", "percentage", "sample_percent"} | CONVERSION_METRICS
UTM = ("utm_medium", "utm_source", "utm_campaign", "utm_content", "utm_term")
DIRECT = "Direct / None"
NOT_SET = "(not set)"

EVENT_COLUMNS = {"event:name": "name", "event:page": "pathname", "event:hostname": "hostname"}
VISIT_ONLY_COLUMNS = {
    "visit:entry_page": "entry_page",
    "visit:exit_page": "exit_page",
    "visit:entry_page_hostname": "hostname",
    "visit:exit_page_hostname": "exit_page_hostname",
}
COLUMNS = {
    **EVENT_COLUMNS,
    **VISIT_ONLY_COLUMNS,
    **{f"visit:{name}": name for name in UTM},
    "visit:source": "referrer_source",
    "visit:channel": "channel",
    "visit:referrer": "referrer",
    "visit:device": "screen_size",
    "visit:screen": "screen_size",
    "visit:browser": "browser",
    "visit:browser_version": "browser_version",
    "visit:os": "operating_system",
    "visit:os_version": "operating_system_version",
    "visit:country": "country_code",
    "visit:region": "subdivision1_code",
    "visit:city": "city_geoname_id",
    "visit:country_name": "country_code",
    "visit:region_name": "subdivision1_code",
    "visit:city_name": "city_geoname_id",
}
UNNAMED = ("device", "screen", "browser", "browser_version", "os", "os_version", *UTM)
EMPTY_LABELS = {
    "visit:source": DIRECT,
    "visit:referrer": DIRECT,
    "visit:channel": "Direct",
    **{f"visit:{name}": NOT_SET for name in UNNAMED},
}
HAS_DIRECT = {"visit:source", "visit:referrer", *(f"visit:{name}" for name in UTM)}
PLACE_NAMES = {
    "country_code": {"EE": "Estonia", "DE": "Germany"},
    "subdivision1_code": {"EE-37": "Harjumaa", "DE-BE": "Berlin"},
    "city_geoname_id": {"588409": "Tallinn", "2950159": "Berlin"},
}
# With a filter on the host, these are about visits that entered (or left) by it.
ENTERED = {"visit:source", "visit:entry_page", "visit:referrer", *(f"visit:{name}" for name in UTM)}
HOST_OF = {**dict.fromkeys(ENTERED, "visit:entry_page_hostname"), "visit:exit_page": "visit:exit_page_hostname"}

# --- Imported tables ---------------------------------------------------------------------------------------------

IMPORTED = {
    **{f"visit:{name}": ("sources", name) for name in ("source", "channel", "referrer", *UTM)},
    "visit:entry_page": ("entry_pages", "entry_page"),
    "visit:exit_page": ("exit_pages", "exit_page"),
    **{f"visit:{name}": ("locations", name.removesuffix("_name")) for name in (
        "country", "region", "city", "country_name", "region_name", "city_name"
    )},
    "visit:device": ("devices", "device"),
    "visit:screen": ("devices", "device"),
    **{f"visit:{name}": ("browsers", name) for name in ("browser", "browser_version")},
    "visit:os": ("operating_systems", "operating_system"),
    "visit:os_version": ("operating_systems", "operating_system_version"),
    "event:page": ("pages", "page"),
    "event:hostname": ("pages", "hostname"),
    "event:name": ("custom_events", "name"),
}  # fmt: skip
UNNAMED_PLACES: dict[str, set[Any]] = {"country": {"", "ZZ"}, "region": {""}, "city": {0}}
SYSTEM_EVENTS = {
    "url": ("link_url", {"Outbound Link: Click", "Cloaked Link: Click", "File Download"}),
    "path": ("path", {"404", "WP Form Completions", "Form: Submission"}),
}
