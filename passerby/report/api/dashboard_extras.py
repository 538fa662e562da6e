"""Two small routes of the dashboard: the site switcher, and hiding a tab of the behaviours report."""

from django.http import HttpRequest, HttpResponse

from passerby.accounts.models import User
from passerby.report.api.auth import authorize_dashboard, has_bearer
from passerby.report.api.http import enforce_csrf, json_answer, parameters
from passerby.report.api.refusals import BadRequest, Unauthorized
from passerby.sites.access import Capability
from passerby.sites.changes import site_change
from passerby.sites.selectors import sites_of
from passerby.teams.keys import Scope

SWITCHER_SITES_MAX = 9
FEATURES = {"funnels": "funnels_enabled", "props": "props_enabled", "conversions": "conversions_enabled"}


def list_switcher(request: HttpRequest) -> HttpResponse:
    """GET /api/sites: the first sites of whoever is logged in."""
    if not isinstance(request.user, User):
        raise Unauthorized("You need to be logged in to request a list of sites")
    domains = sites_of(request.user).order_by("domain").values_list("domain", flat=True)
    return json_answer({"data": [{"domain": domain} for domain in domains[:SWITCHER_SITES_MAX]]})


def disable_feature(request: HttpRequest, domain: str) -> HttpResponse:
    """PUT /api/{domain}/disable-feature: hide a tab for everybody."""
    access = authorize_dashboard(request, domain, scope=Scope.SITES_PROVISION)
    if not access.can(Capability.SET_UP):
        raise Unauthorized("You need to be logged in as an editor of this site")
    if not has_bearer(request):
        enforce_csrf(request)
    column = FEATURES.get(str(parameters(request).get("feature")))
    if column is None:
        raise BadRequest(f"The only features that can be disabled are: {', '.join(FEATURES)}", field="feature")
    with site_change():
        setattr(access.site, column, False)
        access.site.save(update_fields=[column])
    return json_answer("ok")
