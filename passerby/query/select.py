"""The form every source of rows is printed in, and the expressions that native and imported rows share."""

from dataclasses import dataclass

from passerby.query.conditions import Scope
from passerby.query.dimensions import Kind
from passerby.query.parts import PARTS
from passerby.query.plan import Source
from passerby.query.site import Goal


@dataclass(frozen=True, slots=True)
class Group:
    """One dimension of one source: what is selected, and what rows are grouped by."""

    select: str
    by: str


def select_source(
    source: Source, groups: list[Group], parts: tuple[str, ...], counted: dict[str, str | None], rows: str
) -> str:
    """One source's select: dimensions, every part (zero where it is not counted here), and whether it leads."""
    columns = [f"{group.select} AS d{index}" for index, group in enumerate(groups)]
    for name in parts:
        sql = counted.get(name)
        if PARTS[name].is_money:
            columns.append(f"toDecimal128({f'ifNull({sql}, 0)' if sql else '0'}, 3) AS p_{name}")
        else:
            columns.append(f"toInt64({sql or '0'}) AS p_{name}")
    columns.append(f"{int(source.is_leading)} AS is_leading")
    by = f" GROUP BY {', '.join(group.by for group in groups)}" if groups else ""
    return f"SELECT {', '.join(columns)} FROM {rows}{by}"


def named(column: str, label: str) -> str:
    """The column with its empty value named, so that it meets rows which hold the very name.

    A pattern, because the engine applies it to the dictionary of a LowCardinality column; `if` looks at every row.
    """
    return f"replaceRegexpOne({column}, '^$', '{label}')" if label else column


def goal_names(goals: list[tuple[Goal, str]], scope: Scope) -> str:
    """One row per goal completed: its name. Each goal comes with the condition that completes it."""
    names = [f"if({condition}, {scope.params.text(goal.display_name)}, '')" for goal, condition in goals]
    return f"arrayJoin(arrayFilter(g -> g != '', [{', '.join(names)}]))" if names else "arrayJoin(emptyArrayString())"


def date_bucket(name: str, day: str, scope: Scope) -> str:
    """The bucket of a local date. The first week is named by the first day of the range."""
    match name:
        case "time:day":
            return day
        case "time:week":
            first = f"toDate({scope.params.text(scope.range.first_day.isoformat())})"
            return f"greatest(toMonday({day}), {first})"
        case _:
            return f"toStartOfMonth({day})"


def place_name(column: str, kind: Kind, rows: str) -> Group:
    """The name of a place, from the list of places; only those the rows mention are looked up."""
    is_city = kind is Kind.CITY_NAME
    key = column if is_city else f"toString({column})"
    identifier = "toUInt32(id)" if is_city else "id"
    seen = f"SELECT DISTINCT toString({column}) FROM {rows}"
    names = (
        f"(SELECT (groupArray({identifier}), groupArray(name)) FROM locations "
        f"WHERE kind = '{kind.value}' AND id IN ({seen}))"
    )
    sql = f"transform({key}, tupleElement({names}, 1), tupleElement({names}, 2), '')"
    return Group(sql, sql)
