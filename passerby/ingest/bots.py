"""Which hits are not people: programs that say so in their User-Agent, and addresses of data centres.

A bot is never mixed with visitors and never silently lost: it has a kind, a family and, for AI crawlers, an operator
and a purpose, so that a report can show what was left out. Looks at the User-Agent only and keeps nothing of it.
"""

from dataclasses import dataclass
from enum import StrEnum

from ua_parser_rs import UserAgentExtractor

from passerby.data import read_table
from passerby.ingest.forgetful import Forgetful

USER_AGENT_CHARS_MAX = 1024
CACHED_BOTS_MAX = 8192


class BotReason(StrEnum):
    """Why a User-Agent is not counted as a person."""

    AI = "ai"  # Learns from pages or answers with them.
    DECLARED = "bot"  # Calls itself a crawler, checker, previewer, feed reader.
    LIBRARY = "library"  # An HTTP client library or command.
    AUTOMATION = "automation"  # A browser without a person in front of it.


@dataclass(frozen=True, slots=True)
class Bot:
    """A program as a report names it. `operator` is empty where nobody is known to run it."""

    reason: BotReason
    family: str
    operator: str
    purpose: str  # training, dataset, search, user (on behalf of one), seo, monitoring, preview, …


def bot_of(user_agent: str) -> Bot | None:
    """The bot this User-Agent names, or None for a person. An empty User-Agent is not a bot."""
    return _find(user_agent[:USER_AGENT_CHARS_MAX]) if user_agent else None


def is_datacentre(ip: str) -> bool:
    """Whether the address belongs to a cloud or hosting provider that publishes its ranges.

    Content networks and relays (where people's own phones come out) do not count. False for anything unknown.
    """
    # Loaded at the first question: whoever does not ask does not pay its 3 MB.
    from iporigin import HOSTING, classify

    try:
        return bool(classify(ip).kind == HOSTING)  # type: ignore[no-untyped-call] # Says py.typed, has no types.
    except ValueError:
        return False


def _search(user_agent: str) -> Bot | None:
    found = _PATTERNS.extract(user_agent.encode(errors="replace").decode())  # It takes no lone surrogates.
    return _BOTS[int(found.family)] if found else None


def _read_bots() -> tuple[list[Bot], UserAgentExtractor]:
    """The bots in the order of their patterns, and one matcher that answers with a bot's index as its family."""
    rows = [*read_table("crawlers.tsv"), *read_table("crawlers_own.tsv")]
    bots = [Bot(BotReason(kind), family, operator, purpose) for kind, family, operator, purpose, _ in rows]
    patterns = ((row[4], str(index), None, None, None, None) for index, row in enumerate(rows))
    return bots, UserAgentExtractor(patterns)


_BOTS, _PATTERNS = _read_bots()
_find = Forgetful(_search, answers_max=CACHED_BOTS_MAX)
