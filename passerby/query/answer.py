"""An answer as JSON: rows, what must be known to read them, and the question as it was understood."""

from collections.abc import Iterable
from typing import Any

from passerby.query import ranges
from passerby.query.comparison import compare, filled, is_series, time_labels, to_run
from passerby.query.dimensions import PAGE
from passerby.query.filters import leaves
from passerby.query.imports import IMPORTS_MAX, SKIP_WARNINGS
from passerby.query.labels import metric_label
from passerby.query.language import Query
from passerby.query.metrics import REVENUE_METRICS
from passerby.query.run import Row, Rows, empty_metrics, run_query
from passerby.query.site import QuerySite
from passerby.query.uncounted import warnings_of
from passerby.store.store import Store


def answer(query: Query, site: QuerySite, store: Store) -> dict[str, Any]:
    """The whole answer. Keys come in a fixed order, and those of `meta` in the alphabet's."""
    main = run_query(to_run(query), site, store)
    rows, other = compare(query, main, site, store)
    meta = _meta(query, main, rows, site)
    if query.compared is not None and other is not None:
        meta["comparison_date_range"] = query.compared.iso()
        if query.time_dimension and query.include.time_labels:
            meta["comparison_time_labels"] = time_labels(other.plan.query, _times(other.plan.query, other.rows))
    body: dict[str, Any] = {"results": rows}
    if other is not None and is_series(query):
        body["comparison_results"] = filled(other.plan.query, other)
    return {**body, "meta": dict(sorted(meta.items())), "query": query.echo()}


def _meta(query: Query, main: Rows, rows: list[dict[str, Any]], site: QuerySite) -> dict[str, Any]:
    include = query.include
    meta: dict[str, Any] = _imports_meta(query, main)
    warnings = _warnings(query, main, site)
    if warnings:
        meta["metric_warnings"] = warnings
    if include.total_rows:
        meta["total_rows"] = main.total
    if include.dashboard_metric_labels:
        meta["metric_labels"] = [metric_label(name, query) for name in query.metrics]
    if include.empty_metrics:
        meta["empty_metrics"] = list(empty_metrics(query, main))
    return meta | _time_meta(query, rows)


def _imports_meta(query: Query, main: Rows) -> dict[str, Any]:
    imports = main.plan.imports
    if imports is None:
        return {}
    is_included = imports.is_included and query.include.imports
    meta: dict[str, Any] = {"imports_included": is_included}
    if imports.skip is not None:
        meta["imports_skip_reason"] = imports.skip.value
        if imports.skip in SKIP_WARNINGS:
            meta["imports_warning"] = SKIP_WARNINGS[imports.skip]
    return meta


def _warnings(query: Query, main: Rows, site: QuerySite) -> dict[str, dict[str, str]]:
    warnings = warnings_of({name: name for name in query.metrics}, main.unavailable)
    if main.revenue.warning is not None:
        code, text = main.revenue.warning
        warnings |= {name: _warning(code, text) for name in query.metrics if name in REVENUE_METRICS}
    if main.plan.imports is None or not main.plan.imports.is_included or not query.include.imports:
        return warnings
    if "scroll_depth" in query.metrics and not _knows_scroll_depth(query, site):
        warnings["scroll_depth"] = _warning("no_imported_scroll_depth", "No imports with scroll depth data were found")
    is_by_page = PAGE in query.dimensions or any(place.leaf.dimension == PAGE for place in leaves(query.filters))
    if "bounce_rate" in query.metrics and is_by_page:
        warnings["bounce_rate"] = _warning(
            "no_imported_bounce_rate", "imported bounce_rate is not available when using a page filter"
        )
    return warnings


def _warning(code: str, text: str) -> dict[str, str]:
    return {"code": code, "warning": text}


def _knows_scroll_depth(query: Query, site: QuerySite) -> bool:
    span = query.range
    return any(
        one.has_scroll_depth and one.start_on <= span.last_day and one.end_on >= span.first_day
        for one in site.imports[:IMPORTS_MAX]
    )


# --- Time labels -------------------------------------------------------------------------------------------------


def _times(query: Query, rows: Iterable[Row]) -> set[str]:
    column = query.dimensions.index(query.time_dimension)
    return {row.dimensions[column] for row in rows}


def _time_meta(query: Query, rows: list[dict[str, Any]]) -> dict[str, Any]:
    name = query.time_dimension
    if name is None:
        return {}
    include = query.include
    column = query.dimensions.index(name)
    labels = time_labels(query, (row["dimensions"][column] for row in rows))
    meta: dict[str, Any] = {}
    if include.time_labels:
        meta["time_labels"] = labels
    if include.time_label_result_indices:
        known = {row["dimensions"][column]: index for index, row in enumerate(rows)}
        meta["time_label_result_indices"] = [known.get(label) for label in labels]
    if include.present_index:
        present = ranges.label_of(query.now, query.range, name)
        meta["present_index"] = labels.index(present) if present in labels else None
    if include.partial_time_labels:
        meta["partial_time_labels"] = ranges.partial_labels(query.range, name)
    return meta
