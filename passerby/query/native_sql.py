"""Events and visits as sources of rows: straight, in the buckets a visit touches, or by how far it scrolled."""

from passerby.query.conditions import Scope, Table
from passerby.query.dimensions import (
    DIMENSIONS,
    ENTRY_PROPS,
    GOAL,
    NONE,
    PROPS,
    Kind,
    Level,
    is_time,
    level_of,
)
from passerby.query.parts import PARTS, Part
from passerby.query.plan import Rows, Source
from passerby.query.select import Group, date_bucket, goal_names, named, place_name, select_source
from passerby.query.site import Goal

SMEAR_SECONDS = {"time:hour": 900, "time:minute": 60}  # 15 minutes: every zone's hours begin on one.
BUCKET_SECONDS = {"time:hour": 3600, "time:minute": 60}


def compile_native(source: Source, parts: tuple[str, ...], scope: Scope, *, goals: tuple[Goal, ...]) -> str:
    """One native source's select."""
    return _Native(source, scope, goals).select(parts)


class _Native:
    def __init__(self, source: Source, scope: Scope, goals: tuple[Goal, ...]) -> None:
        self._source = source
        self._scope = scope
        self._goals = [(goal, scope.goal(goal)) for goal in goals] if GOAL in source.dimensions else []

    def select(self, parts: tuple[str, ...]) -> str:
        source = self._source
        groups = [self._group(name) for name in source.dimensions]
        match source.rows:
            case Rows.SCROLLED:
                return self._scrolled(groups, parts)
            case Rows.SMEARED:
                counted = {part: PARTS[part].smeared for part in source.parts}
                rows = self._smeared_rows()
            case Rows.EVENTS:
                counted = {part: PARTS[part].events for part in source.parts}
                rows = f"{self._events()} WHERE {self._scope.where(Table.EVENTS, source.filters)}{self._of_goals()}"
            case _:
                counted = {part: self._of_entries(PARTS[part]) for part in source.parts}
                where = self._scope.where(Table.VISITS, source.filters)
                rows = f"visits FINAL WHERE {where}{self._in_buckets()}"
        return select_source(source, groups, parts, counted, rows)

    def _events(self) -> str:
        """Events, beside those columns of their visits that a breakdown asks for and events have no copy of."""
        names = [name for name in self._source.dimensions if level_of(name) is Level.VISIT]
        if not names:
            return "events"
        columns = [f"{DIMENSIONS[name].column} AS {_of_visit(name)}" for name in names]
        where = " AND ".join(self._scope.in_period(Table.VISITS))
        visits = f"SELECT visit_id, {', '.join(columns)} FROM visits FINAL WHERE {where}"
        return f"events INNER JOIN ({visits}) AS entered USING (visit_id)"

    def _of_goals(self) -> str:
        if GOAL not in self._source.dimensions:
            return ""
        return f" AND ({' OR '.join(f'({condition})' for _, condition in self._goals) or '0'})"

    def _in_buckets(self) -> str:
        """A visit belongs to the bucket of its last activity, which may lie behind the range."""
        has_buckets = any(is_time(name) for name in self._source.dimensions)
        return f" AND timestamp <= {self._scope.instant(self._scope.range.last)}" if has_buckets else ""

    def _of_entries(self, part: Part) -> str | None:
        if part.visits is None or "{entered}" not in part.visits:
            return part.visits
        entered = " AND ".join(self._scope.condition(node, Table.VISITS) for node in self._source.entered_by)
        if not entered:
            return part.visits.replace(" AND {entered}", "").replace("countIf({entered})", "count()")
        return part.visits.replace("{entered}", entered)

    def _scrolled(self, groups: list[Group], parts: tuple[str, ...]) -> str:
        keys = [f"{group.select} AS d{index}" for index, group in enumerate(groups)]
        by = ", ".join([*(group.by for group in groups), "visit_id"])
        where = self._scope.where(Table.EVENTS, self._source.filters) + self._of_goals()
        rows = (
            f"(SELECT {', '.join([*keys, 'max(scroll_depth) AS depth'])} FROM events WHERE {where} "
            f"AND name = 'engagement' AND scroll_depth <= 100 AND visit_id > 0 GROUP BY {by})"
        )
        counted = {part: PARTS[part].scrolled for part in self._source.parts}
        outer = [Group(f"d{index}", f"d{index}") for index in range(len(groups))]
        return select_source(self._source, outer, parts, counted, rows)

    def _smeared_rows(self) -> str:
        bucket = next(name for name in self._source.dimensions if name in SMEAR_SECONDS)
        slot = SMEAR_SECONDS[bucket]
        first = self._scope.instant(self._scope.range.first)
        last = self._scope.instant(self._scope.range.last)
        begin = f"intDiv(toUnixTimestamp(greatest(start, {first})), {slot})"
        end = f"intDiv(toUnixTimestamp(least(greatest(start, timestamp), {last})), {slot}) + 1"
        where = self._scope.where(Table.VISITS, self._source.filters)
        return (
            f"(SELECT *, toDateTime(arrayJoin(range({begin}, {end})) * {slot}, 'UTC') AS slot "
            f"FROM visits FINAL WHERE {where})"
        )

    # --- dimensions ---

    def _group(self, name: str) -> Group:
        if is_time(name):
            moment = "slot" if self._source.rows is Rows.SMEARED else "timestamp"
            sql = self._bucket(name, moment)
            return Group(sql, sql)
        if name == GOAL:
            sql = goal_names(self._goals, self._scope)
            return Group(sql, sql)
        if name.startswith((PROPS, ENTRY_PROPS)):
            return self._property(name)
        known = DIMENSIONS[name]
        is_of_events = self._source.rows in {Rows.EVENTS, Rows.SCROLLED}
        if is_of_events and known.level is Level.VISIT:
            return Group(f"CAST({_of_visit(name)} AS String)", _of_visit(name))
        if known.kind.is_name:
            table = Table.EVENTS if is_of_events else Table.VISITS
            rows = f"{table.value} WHERE {' AND '.join(self._scope.in_period(table))}"
            return place_name(known.column, known.kind, rows)
        kind, sql = "UInt32" if known.kind is Kind.NUMBER else "String", named(known.column, known.label)
        return Group(f"CAST({sql} AS {kind})", sql)

    def _property(self, name: str) -> Group:
        column = "props" if name.startswith(PROPS) else "entry_props"
        key = self._scope.params.text(name.removeprefix(PROPS).removeprefix(ENTRY_PROPS))
        sql = f"if(mapContains({column}, {key}), {column}[{key}], '{NONE}')"
        return Group(sql, sql)

    def _bucket(self, name: str, moment: str) -> str:
        """The bucket of a moment, in the site's zone: a date, or seconds of local time as if it were UTC."""
        zone = self._scope.params.text(self._scope.range.zone.key)
        if name in BUCKET_SECONDS:
            width = BUCKET_SECONDS[name]
            local = f"(toInt64(toUnixTimestamp({moment})) + timeZoneOffset(toTimeZone({moment}, {zone})))"
            return f"intDiv({local}, {width}) * {width}"
        return date_bucket(name, f"toDate({moment}, {zone})", self._scope)


def _of_visit(name: str) -> str:
    """What a visit's column is called beside an event's."""
    return name.replace("visit:", "visit_")
