"""The dashboard's question as its smaller routes get it: an address or a body, by whoever may see the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from passerby import runtime
from passerby.query.api import check_shown, first_stats_on
from passerby.query.dashboard_params import parse_body, parse_parameters
from passerby.query.errors import QueryRefused
from passerby.query.filters import render_filter
from passerby.query.language import Query, Request
from passerby.query.parse import decode
from passerby.query.site import QuerySite
from passerby.query.validate import validate
from passerby.report.api.auth import authorize_dashboard, check_segment_limit
from passerby.report.site_context import query_site
from passerby.sites.access import Capability, SiteAccess
from passerby.store.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid question about a site that the caller may see, and what else the request said."""

    access: SiteAccess
    site: QuerySite
    query: Query
    extra: dict[str, Any]
    store: Store


def asked_by_address(request: HttpRequest, domain: str) -> Asked:
    """The question in the address; `extra` holds every parameter.

    Raises: NotFound, Unauthorized, TooManyRequests, QueryRefused.
    """
    access = authorize_dashboard(request, domain)
    given = {name: str(value) for name, value in request.GET.items()}
    return _asked(access, parse_parameters(given), given)


def asked_by_body(
    request: HttpRequest, domain: str, *, extra: frozenset[str], capability: Capability = Capability.VIEW
) -> Asked:
    """The question in the body of somebody with `capability`; members named by `extra` are taken out of it first.

    Raises: NotFound, Unauthorized, TooManyRequests, QueryRefused.
    """
    access = authorize_dashboard(request, domain, capability)
    document = decode(request.body)
    taken = {name: document.pop(name) for name in extra & set(document)}
    return _asked(access, parse_body(document), taken)


@dataclass(frozen=True, slots=True)
class AskedTogether:
    """Valid questions about a site at one moment, by name."""

    site: QuerySite
    queries: dict[str, Query]
    store: Store


def asked_together(access: SiteAccess, documents: Mapping[str, Mapping[str, Any]]) -> AskedTogether:
    """Several questions in the dashboard's language.

    Raises: QueryRefused, which names the question that breaks a rule.
    """
    site, store, now = query_site(access.site), runtime.current().store, timezone.now()
    began = cache(lambda: first_stats_on(site, store))
    queries: dict[str, Query] = {}
    for name, document in documents.items():
        try:
            request = parse_body(document)
            check_segment_limit(access, [render_filter(node) for node in request.filters])
            query = validate(request, site, now=now, first_stats_on=began)
            check_shown(query, site)
        except QueryRefused as problem:
            raise QueryRefused(f"{name}: {problem.message}", field=problem.field) from problem
        queries[name] = query
    return AskedTogether(site, queries, store)


def _asked(access: SiteAccess, request: Request, extra: dict[str, Any]) -> Asked:
    check_segment_limit(access, [render_filter(node) for node in request.filters])
    site, store = query_site(access.site), runtime.current().store
    query = validate(request, site, now=timezone.now(), first_stats_on=lambda: first_stats_on(site, store))
    return Asked(access=access, site=site, query=query, extra=extra, store=store)
