"""Referrer spam: hosts that send fake visits so that their name shows in reports.

A listed host stands for its sub-domains too. The packaged list is short; an operator can add a longer one.
"""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from passerby.data import read_operator_lines, read_table
from passerby.ingest.forgetful import Forgetful

REFERRERS_CACHED_MAX = 4096


class SpamHosts:
    """A set of hosts whose referrals are not counted."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = frozenset(host.strip().lower().removeprefix("www.") for host in hosts) - {""}
        self._is_spam = Forgetful(self._judge, answers_max=REFERRERS_CACHED_MAX)

    @classmethod
    def open(cls, extra: Path | None = None) -> "SpamHosts":
        """The packaged hosts, and those of an operator's file: a host a line, `#` begins a comment.

        Raises: SettingRefused when the file cannot be read.
        """
        hosts = [row[0] for row in read_table("spam_referrers.tsv")]
        if extra is not None:
            hosts += [line for _, line in read_operator_lines(extra, setting="PASSERBY_SPAM_REFERRERS")]
        return cls(hosts)

    def sent(self, referrer: str) -> bool:
        """Whether this referrer is spam. A referrer that makes no sense is not."""
        return self._is_spam(referrer)

    def _judge(self, referrer: str) -> bool:
        try:
            host = urlsplit(referrer.partition("?")[0]).hostname if referrer else None
        except ValueError:
            return False
        while host:
            if host in self._hosts:
                return True
            host = host.partition(".")[2]
        return False


def is_spam_referrer(referrer: str) -> bool:
    """Whether this referrer is on the packaged list."""
    return _PACKAGED.sent(referrer)


_PACKAGED = SpamHosts.open()
