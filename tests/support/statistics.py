"""A stand-in for the store and ingest, for tests of what surrounds them."""

from types import SimpleNamespace
from typing import Any


class NoStatistics:
    """Stands where the store and ingest are, for tests of what surrounds them; it remembers what it was told."""

    def __init__(self) -> None:
        self.erased: list[int] = []
        self.forgotten: list[int] = []
        self.counted = 0

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> Any:
        del parameters
        rows = {"system.columns": [("events",)], "FROM drops": []}
        return SimpleNamespace(rows=next((rows[part] for part in rows if part in sql), [(self.counted,)]))

    def command(self, sql: str, parameters: dict[str, Any]) -> None:
        assert "DELETE" in sql
        self.erased.append(parameters["site"])

    def settle(self) -> bool:
        return True

    def forget_site(self, site_id: int) -> None:
        self.forgotten.append(site_id)

    def settle_drops(self) -> None:
        """Nothing was dropped."""

    def recent(self, site_id: int) -> list[Any]:
        del site_id
        return []
