"""Values to choose from in the dashboard's filters: what visitors brought with them, most frequent first.

Values come by the same door as every breakdown, so they agree with it. Only the keys of properties, which are no
dimension, have a statement of their own.
Source: docs/stats-api.md, "Suggestions".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from passerby.query.conditions import Scope, Table
from passerby.query.dimensions import DIRECT, NONE, NOT_SET, PROPS, Level, level_of
from passerby.query.errors import QueryRefused
from passerby.query.filters import Filter, Leaf, Operator
from passerby.query.language import Query
from passerby.query.run import run_query
from passerby.query.site import QuerySite
from passerby.store.store import Store

SUGGESTIONS_MAX = 25
SEARCH_CHARACTERS_MAX = 500
PROPERTY_CHARACTERS_MAX = 300

Suggestion = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """What is suggested for one filter: the dimension that is filtered by, and the one that is read."""

    value: str
    label: str = ""
    hides_unset: bool = True
    is_page: bool = False  # People type `/blog*`; the star is theirs, not the path's.

    @property
    def shown(self) -> str:
        """The dimension whose values people read and search."""
        return self.label or self.value


def _visit(name: str) -> Field:
    return Field(f"visit:{name}")


FIELDS: Mapping[str, Field] = {
    **{f"utm_{name}": _visit(f"utm_{name}") for name in ("medium", "source", "campaign", "content", "term")},
    "source": _visit("source"),
    "referrer": _visit("referrer"),
    "channel": Field("visit:channel", hides_unset=False),
    "screen": _visit("screen"),
    "browser": _visit("browser"),
    "browser_version": _visit("browser_version"),
    "os": _visit("os"),
    "operating_system": _visit("os"),
    "os_version": _visit("os_version"),
    "operating_system_version": _visit("os_version"),
    "country": Field("visit:country", "visit:country_name"),
    "region": Field("visit:region", "visit:region_name"),
    "city": Field("visit:city", "visit:city_name"),
    "page": Field("event:page", hides_unset=False, is_page=True),
    "hostname": Field("event:hostname", hides_unset=False),
    "entry_page": Field("visit:entry_page", is_page=True),
    "exit_page": Field("visit:exit_page", is_page=True),
}
PROP_KEY = "prop_key"
GOAL = "goal"


class UnknownSuggestion(QueryRefused):
    """There is no filter of this name."""

    status = 404
    code = "unknown_suggestion"


def suggest(name: str, search: str, query: Query, site: QuerySite, store: Store) -> list[Suggestion]:
    """Up to 25 values of one filter that contain the search text, whatever its case.

    Raises: UnknownSuggestion.
    """
    special: Mapping[str, Callable[[], list[Suggestion]]] = {
        GOAL: lambda: _goals(search, site),
        PROP_KEY: lambda: _property_keys(search, query, site, store),
    }
    if name in special:
        return special[name]()
    field = FIELDS.get(name)
    if field is None:
        raise UnknownSuggestion(f"There are no suggestions for {name[:SEARCH_CHARACTERS_MAX]!r}.")
    return _values(field, search, query, site, store)


def suggest_property_values(key: str, search: str, query: Query, site: QuerySite, store: Store) -> list[Suggestion]:
    """Up to 25 values of one property; that some events lack it comes first. Imports know no such values, and
    properties the site does not list have none to show.

    Raises: UnknownSuggestion for a name no property can have.
    """
    if not 1 <= len(key) <= PROPERTY_CHARACTERS_MAX:
        raise UnknownSuggestion(f"A property's name has 1 to {PROPERTY_CHARACTERS_MAX} characters.")
    if site.allowed_props is not None and key not in site.allowed_props:
        return []
    dimension = f"{PROPS}{key}"
    native = replace(query, include=replace(query.include, imports=False))
    searched = [_contains(dimension, search)] if search else []
    names = [row[0] for row in _rows((dimension,), searched, native, site, store)]
    if search and _has(NONE, search):
        lacking = Leaf(Operator.IS, dimension, (NONE,))
        names += [row[0] for row in _rows((dimension,), [lacking], native, site, store)]
    ordered = sorted(dict.fromkeys(names), key=lambda name: name != NONE)
    return [_plain(name) for name in ordered[:SUGGESTIONS_MAX]]


def _values(field: Field, search: str, query: Query, site: QuerySite, store: Store) -> list[Suggestion]:
    wanted = search.replace("*", "") if field.is_page else search
    conditions: list[Filter] = []
    if field.hides_unset:
        conditions.append(Leaf(Operator.IS_NOT, field.value, (NOT_SET,)))
    if wanted:
        conditions.append(_contains(field.shown, wanted))
    if field.value == "event:hostname" and site.allowed_hostnames:
        conditions.append(Leaf(Operator.MATCHES_WILDCARD, field.value, site.allowed_hostnames))
    dimensions = (field.value, field.label) if field.label else (field.value,)
    rows = _rows(dimensions, conditions, query, site, store)
    found = [{"value": row[0], "label": row[-1]} for row in rows if row[-1] not in {"", DIRECT}]
    if field.value == "visit:source" and _has(DIRECT, wanted):
        found.insert(0, _plain(DIRECT))
    return found[:SUGGESTIONS_MAX]


def _rows(
    dimensions: tuple[str, ...], conditions: Sequence[Filter], query: Query, site: QuerySite, store: Store
) -> list[tuple[Any, ...]]:
    """Values by how often they occur."""
    of_visits = level_of(dimensions[0]) is Level.VISIT
    count = "visit_events" if of_visits else "events"
    asked = replace(
        query,
        metrics=(count,),
        dimensions=dimensions,
        filters=(*query.filters, *conditions),
        order_by=((count, "desc"),),
        limit=SUGGESTIONS_MAX,
        offset=0,
    )
    return [row.dimensions for row in run_query(asked, site, store).rows]


def _contains(dimension: str, search: str) -> Leaf:
    return Leaf(Operator.CONTAINS, dimension, (search,), modifier=False)


def _goals(search: str, site: QuerySite) -> list[Suggestion]:
    return [_plain(goal.display_name) for goal in site.goals if _has(goal.display_name, search)]


def _property_keys(search: str, query: Query, site: QuerySite, store: Store) -> list[Suggestion]:
    scope = Scope(site=site, range=query.range)
    conditions = [scope.where(Table.EVENTS, query.filters)]
    if search:
        conditions.append(f"positionCaseInsensitiveUTF8(key, {scope.params.text(search)}) > 0")
    if site.allowed_props is not None:
        conditions.append(f"key IN {scope.params.texts(list(site.allowed_props))}")
    sql = (
        f"SELECT key FROM events ARRAY JOIN mapKeys(props) AS key WHERE {' AND '.join(conditions)} "
        f"GROUP BY key ORDER BY count() DESC, key LIMIT {SUGGESTIONS_MAX}"
    )
    return [_plain(row[0]) for row in store.query(sql, scope.params.values).rows]


def _has(text: str, search: str) -> bool:
    return search.casefold() in text.casefold()


def _plain(text: str) -> Suggestion:
    return {"value": text, "label": text}
