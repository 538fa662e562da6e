"""What can go wrong between us and the engine, sorted by what the caller should do about it."""

from typing import ClassVar

from passerby.errors import Fault, PasserbyError, Refusal


class StoreUnavailable(PasserbyError):
    """The engine is away, full, or locked. Nothing was written; the same call may succeed later."""


class StoreLocked(StoreUnavailable):
    """Another process owns the data folder; it will not become free by itself."""


class StoreFault(Fault):
    """The engine refused a statement of ours: a bug. The message carries ClickHouse's number and no values."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"The engine refused a statement (code {code}).")
        self.code = code


class QueryTooExpensive(Refusal):
    """A question went over a limit for seconds, memory or rows."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "query_too_expensive"


class MemoryShort(QueryTooExpensive):
    """The engine had too little memory for a question; it may have more when no other question runs."""


class PatternRefused(Refusal):
    """A regular expression the engine (RE2) cannot compile."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "pattern_invalid"
