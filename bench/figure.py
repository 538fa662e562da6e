"""A measured figure beside its target, and the table they are printed in."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, in which unit, and what we want it to be (at most one of the two bounds)."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def target(self) -> str:
        """The bound in words; empty for a figure that only informs."""
        if self.at_most is not None:
            return f"≤ {self.at_most:,g}"
        return f"≥ {self.at_least:,g}" if self.at_least is not None else ""

    @property
    def verdict(self) -> str:
        """Does the figure keep its bound? A figure that is not a number keeps none."""
        if not self.target:
            return ""
        holds = (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )
        return "holds" if holds else "MISSED"


def table(figures: Iterable[Figure]) -> str:
    """The figures as Markdown, ready for docs/performance.md."""
    rows = [("Figure", "Measured", "Target", ""), ("---", "---:", "---:", "---")]
    rows += [(f.name, f"{f.value:,.4g} {f.unit}".strip(), f.target, f.verdict) for f in figures]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
