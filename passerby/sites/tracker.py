"""What a site's script measures by itself, and the goals that come and go with it."""

from collections.abc import Mapping

from passerby.errors import Refusal
from passerby.sites.models import Goal, Site, TrackerConfiguration

INSTALLATION_TYPES = ("manual", "wordpress", "gtm", "npm")
BOOLEAN_OPTIONS = (
    "track_404_pages",
    "hash_based_routing",
    "outbound_links",
    "file_downloads",
    "revenue_tracking",
    "tagged_events",
    "form_submissions",
    "pageview_props",
)
# An option of the script whose events are worth nothing without a goal that shows them.
GOAL_OF_OPTION = {
    "outbound_links": "Outbound Link: Click",
    "file_downloads": "File Download",
    "form_submissions": "Form: Submission",
    "track_404_pages": "404",
}
WEB_DEFAULTS: Mapping[str, object] = dict.fromkeys(GOAL_OF_OPTION, True)  # Sites added in the browser start with these.


class TrackerRefused(Refusal):
    """An option has a value it cannot have."""

    code = "tracker_refused"

    def __init__(self, option: str) -> None:
        field = "tracker_script_configuration" + (f".{option}" if option else "")
        super().__init__("is invalid", field=field)


def parse_options(options: object) -> dict[str, object]:
    """The options given, without the unknown ones.

    Raises: TrackerRefused.
    """
    if not isinstance(options, Mapping):
        raise TrackerRefused("")
    kind = options.get("installation_type")
    if kind is not None and kind not in INSTALLATION_TYPES:
        raise TrackerRefused("installation_type")
    for option in BOOLEAN_OPTIONS:
        if not isinstance(options.get(option, False), bool):
            raise TrackerRefused(option)
    return {name: options[name] for name in ("installation_type", *BOOLEAN_OPTIONS) if name in options}


def configure(site: Site, options: Mapping[str, object]) -> TrackerConfiguration:
    """Set parsed options, keep the others. Call it inside `site_change`."""
    configuration = TrackerConfiguration.objects.select_for_update().get(site=site)
    for option, value in options.items():
        setattr(configuration, option, value)
    configuration.save()
    for option, event_name in GOAL_OF_OPTION.items():
        if option in options:
            _follow(site, event_name, wanted=bool(options[option]))
    site.tracker = configuration
    return configuration


def _follow(site: Site, event_name: str, *, wanted: bool) -> None:
    goals = Goal.objects.filter(site=site, event_name=event_name, custom_props={})
    if not wanted:
        from passerby.sites.goals import delete_goals

        delete_goals(site, goals)
    elif not goals.exists() and not Goal.objects.filter(site=site, display_name=event_name).exists():
        Goal.objects.create(site=site, event_name=event_name, display_name=event_name)
