"""Which days an import may fill: only such as are neither measured nor imported yet. Pure.

Source: docs/imports.md, "Which days are taken".
"""

from collections.abc import Iterable
from datetime import date, timedelta

Window = tuple[date, date]

SPAN_MIN = timedelta(days=2)  # A shorter gap is not worth an import of its own.


def free_window(asked: Window, *, until: date, taken: Iterable[Window]) -> Window | None:
    """The longest free run of the days asked for, ends included; None when no run spans two days.

    `until` is the day measuring began: both tell of a part of it, so it may still be filled. Neighbouring windows
    share their boundary days for the same reason.
    """
    first, last = asked[0], min(asked[1], until)
    gaps: list[Window] = []
    for begin, end in sorted(window for window in taken if window[1] - window[0] >= SPAN_MIN):
        gaps.append((first, min(begin, last)))
        first = max(first, end)
    gaps.append((first, last))
    wide = [gap for gap in gaps if gap[1] - gap[0] >= SPAN_MIN]
    return max(wide, key=lambda gap: gap[1] - gap[0], default=None)
