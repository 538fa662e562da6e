"""Pages of a list: opaque cursors, newest first, at most a thousand rows."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from passerby.report.api.refusals import BadRequest

LIMIT_DEFAULT = 100
LIMIT_MAX = 1000
CURSOR_CHARACTERS_MAX = 64
CURSOR = re.compile(rb"id:([0-9]{1,18})")  # Ids have 63 bits.

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows, ids falling, and the cursors to its neighbours."""

    rows: list[Row]
    after: str | None
    before: str | None
    limit: int

    @property
    def meta(self) -> dict[str, Any]:
        """As the Sites API shows it."""
        return {"after": self.after, "before": self.before, "limit": self.limit}


def page_of(
    rows: QuerySet[Row], given: Mapping[str, Any], *, default: int = LIMIT_DEFAULT, most: int = LIMIT_MAX
) -> Page[Row]:
    """The page that `after`, `before` and `limit` ask for.

    Raises: BadRequest for a cursor we did not make or a limit out of range.
    """
    limit = _limit(given.get("limit"), default=default, most=most)
    after, before = _cursor(given, "after"), _cursor(given, "before")
    if before is not None:
        found = list(rows.filter(pk__gt=before).order_by("pk")[: limit + 1])
        more_newer, more_older = len(found) > limit, rows.filter(pk__lte=before).exists()
        found = found[:limit][::-1]
    else:
        older = rows if after is None else rows.filter(pk__lt=after)
        found = list(older.order_by("-pk")[: limit + 1])
        more_newer = after is not None and rows.filter(pk__gte=after).exists()
        more_older = len(found) > limit
        found = found[:limit]
    return Page(
        rows=found,
        after=_encode(found[-1].pk) if found and more_older else None,
        before=_encode(found[0].pk) if found and more_newer else None,
        limit=limit,
    )


def _limit(value: object, *, default: int, most: int) -> int:
    if value is None or value == "":
        return default
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):  # noqa: PLR2004 - No bottomless integers.
        raise BadRequest(f"Parameter `limit` must be a whole number from 1 to {most}", field="limit")
    return int(text)


def _cursor(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is None or value == "":
        return None
    try:
        match = CURSOR.fullmatch(base64.urlsafe_b64decode(str(value)[:CURSOR_CHARACTERS_MAX]))
    except ValueError:
        match = None
    if match is None:
        raise BadRequest(f"Parameter `{name}` is not a cursor from an earlier answer", field=name)
    return int(match[1])


def _encode(pk: int) -> str:
    return base64.urlsafe_b64encode(f"id:{pk}".encode()).decode("ascii")
