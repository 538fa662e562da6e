"""The addresses of the JSON APIs. Fixed words come before `<path:domain>`: a domain may contain slashes."""

from django.urls import URLPattern, URLResolver, path, re_path

import passerby.report.converters  # noqa: F401 - Registers the parts of addresses used below.
from passerby.report.api import (
    annotations,
    dashboard_extras,
    drops,
    events,
    imports,
    segments,
    site_export,
    site_rules,
    sites,
    stats,
    stats_export,
    stats_funnels,
    stats_journeys,
    stats_suggestions,
    stats_v1,
)
from passerby.report.api.http import api_route
from passerby.report.api.plugins import goals as plugin_goals
from passerby.report.api.plugins import site as plugin_site
from passerby.report.api.plugins.door import plugin_route

SITES = "api/v1/sites"
PLUGINS = "api/plugins/v1"

SITES_URLS = [
    path(SITES, api_route(GET=sites.list_sites, POST=sites.create_site), name="api_sites"),
    path(f"{SITES}/teams", api_route(GET=sites.list_teams), name="api_teams"),
    path(f"{SITES}/goals", api_route(GET=site_rules.list_goals, PUT=site_rules.put_goal), name="api_goals"),
    path(f"{SITES}/goals/<str:goal_id>", api_route(DELETE=site_rules.delete_goal), name="api_goal"),
    path(
        f"{SITES}/custom-props",
        api_route(GET=site_rules.list_properties, PUT=site_rules.put_property),
        name="api_properties",
    ),
    path(f"{SITES}/custom-props/<path:name>", api_route(DELETE=site_rules.delete_property), name="api_property"),
    path(
        f"{SITES}/shields",
        api_route(GET=site_rules.list_shields, PUT=site_rules.put_shield, DELETE=site_rules.delete_shield),
        name="api_shields",
    ),
    path(f"{SITES}/shared-links", api_route(PUT=site_rules.put_shared_link), name="api_shared_links"),
    path(f"{SITES}/guests", api_route(GET=site_rules.list_guests, PUT=site_rules.put_guest), name="api_guests"),
    path(f"{SITES}/guests/<str:email>", api_route(DELETE=site_rules.delete_guest), name="api_guest"),
    path(
        f"{SITES}/<path:domain>/events",
        api_route(GET=events.read_events, POST=events.backfill),
        name="api_events",
    ),
    path(f"{SITES}/<path:domain>/visits", api_route(GET=events.read_visits), name="api_visits"),
    path(
        f"{SITES}/<path:domain>/imports",
        api_route(GET=imports.read_imports, POST=imports.create_import),
        name="api_imports",
    ),
    path(
        f"{SITES}/<path:domain>/imports/<id:import_id>",
        api_route(GET=imports.read_import, DELETE=imports.delete_import),
        name="api_import",
    ),
    path(f"{SITES}/<path:domain>/export", api_route(GET=site_export.export_site), name="api_export"),
    path(f"{SITES}/<path:domain>/drops", api_route(GET=drops.read_drops), name="api_drops"),
    path(
        f"{SITES}/<path:domain>",
        api_route(GET=sites.read_site, PUT=sites.change_site, DELETE=sites.delete_site),
        name="api_site",
    ),
]

PLUGIN_URLS = [
    path(f"{PLUGINS}/capabilities", plugin_route(GET=plugin_site.capabilities), name="plugin_capabilities"),
    path(
        f"{PLUGINS}/shared_links",
        plugin_route(GET=plugin_site.list_links, PUT=plugin_site.put_link),
        name="plugin_shared_links",
    ),
    path(
        f"{PLUGINS}/shared_links/<id:link_id>",
        plugin_route(GET=plugin_site.read_link),
        name="plugin_shared_link",
    ),
    path(
        f"{PLUGINS}/goals",
        plugin_route(GET=plugin_goals.list_goals, PUT=plugin_goals.put_goals, DELETE=plugin_goals.delete_goals),
        name="plugin_goals",
    ),
    path(
        f"{PLUGINS}/goals/<id:goal_id>",
        plugin_route(GET=plugin_goals.read_goal, DELETE=plugin_goals.delete_goal),
        name="plugin_goal",
    ),
    path(
        f"{PLUGINS}/funnels",
        plugin_route(GET=plugin_goals.list_funnels, PUT=plugin_goals.put_funnel),
        name="plugin_funnels",
    ),
    path(f"{PLUGINS}/funnels/<id:funnel_id>", plugin_route(GET=plugin_goals.read_funnel), name="plugin_funnel"),
    path(
        f"{PLUGINS}/custom_props",
        plugin_route(PUT=plugin_site.put_props, DELETE=plugin_site.delete_props),
        name="plugin_custom_props",
    ),
    path(
        f"{PLUGINS}/tracker_script_configuration",
        plugin_route(GET=plugin_site.read_tracker, PUT=plugin_site.put_tracker),
        name="plugin_tracker",
    ),
]

STATS_URLS = [
    path("api/v2/query", api_route(POST=stats.query_v2), name="api_query"),
    path("api/v1/stats/realtime/visitors", api_route(GET=stats.realtime_visitors), name="api_realtime"),
    path("api/v1/stats/aggregate", api_route(GET=stats_v1.aggregate), name="api_aggregate"),
    path("api/v1/stats/timeseries", api_route(GET=stats_v1.timeseries), name="api_timeseries"),
    path("api/v1/stats/breakdown", api_route(GET=stats_v1.breakdown), name="api_breakdown"),
    path("api/docs/query", api_route(POST=stats.query_docs), name="api_docs_query"),
    path("api/docs/query/schema.json", api_route(GET=stats.query_language), name="api_docs_schema"),
    path("api/stats/<path:domain>/query", api_route(POST=stats.query_dashboard), name="api_dashboard_query"),
    path(
        "api/stats/<path:domain>/current-visitors",
        api_route(GET=stats.current_visitors),
        name="api_current_visitors",
    ),
    path(
        "api/stats/<path:domain>/suggestions/custom-prop-values/<path:key>",
        api_route(GET=stats_suggestions.property_values),
        name="api_property_values",
    ),
    path(
        "api/stats/<path:domain>/suggestions/<str:name>",
        api_route(GET=stats_suggestions.suggestions),
        name="api_suggestions",
    ),
    path("api/stats/<path:domain>/exploration/next", api_route(POST=stats_journeys.next_step), name="api_next_step"),
    path(
        "api/stats/<path:domain>/exploration/funnel",
        api_route(POST=stats_journeys.funnel),
        name="api_journey_funnel",
    ),
    path(
        "api/stats/<path:domain>/exploration/next-with-funnel",
        api_route(POST=stats_journeys.next_with_funnel),
        name="api_journey",
    ),
    path(
        "api/stats/<path:domain>/funnels",
        api_route(stats_funnels.render, POST=stats_funnels.unsaved_funnel),
        name="api_unsaved_funnel",
    ),
    re_path(  # With or without a slash at the end: clients of Plausible send both.
        r"^api/stats/(?P<domain>.+)/funnels/(?P<funnel_id>[^/]+)/?$",
        api_route(stats_funnels.render, GET=stats_funnels.funnel_by_address, POST=stats_funnels.funnel_by_body),
        name="api_funnel",
    ),
]

DASHBOARD_URLS = [
    path("api/sites", api_route(GET=dashboard_extras.list_switcher), name="api_switcher"),
    path(
        "api/<path:domain>/segments",
        api_route(GET=segments.list_segments, POST=segments.create_segment),
        name="api_segments",
    ),
    path(
        "api/<path:domain>/segments/<str:segment_id>",
        api_route(GET=segments.read_segment, PATCH=segments.change_segment, DELETE=segments.delete_segment),
        name="api_segment",
    ),
    path(
        "api/<path:domain>/segments/<str:segment_id>/shared-links",
        api_route(GET=segments.list_links),
        name="api_segment_links",
    ),
    path(
        "api/<path:domain>/annotations",
        api_route(GET=annotations.list_annotations, POST=annotations.create_annotation),
        name="api_annotations",
    ),
    path(
        "api/<path:domain>/annotations/<str:annotation_id>",
        api_route(PATCH=annotations.change_annotation, DELETE=annotations.delete_annotation),
        name="api_annotation",
    ),
    path(
        "api/<path:domain>/disable-feature",
        api_route(PUT=dashboard_extras.disable_feature),
        name="api_disable_feature",
    ),
]

# Of the dashboard's own address, and so behind all that begins with /api.
EXPORT_URLS = [
    path(
        "<path:domain>/export",
        api_route(GET=stats_export.export_dashboard, POST=stats_export.export_chosen),
        name="export",
    )
]

urlpatterns: list[URLPattern | URLResolver] = [*SITES_URLS, *PLUGIN_URLS, *STATS_URLS, *DASHBOARD_URLS, *EXPORT_URLS]
