"""Referrer spam: hosts that send fake visits so that their name shows in reports.

A listed host stands for its sub-domains too. The packaged list is short; an operator can add a longer one.
"""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from passerby.data import read_table

SPAM_FILE_BYTES_MAX = 8_000_000


class SpamHosts:
    """A set of hosts whose referrals are not counted."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = frozenset(host.strip().lower().removeprefix("www.") for host in hosts) - {""}

    @classmethod
    def open(cls, extra: Path | None = None) -> "SpamHosts":
        """The packaged hosts, and those of an operator's file: a host a line, `#` begins a comment.

        Raises: OSError when the file cannot be read, ValueError when it is over 8 MB.
        """
        packaged = [row[0] for row in read_table("spam_referrers.tsv")]
        return cls(packaged + (_read_hosts(extra) if extra else []))

    def sent(self, referrer: str) -> bool:
        """Whether this referrer is spam. A referrer that makes no sense is not."""
        try:
            host = urlsplit(referrer).hostname
        except ValueError:
            return False
        while host:
            if host in self._hosts:
                return True
            host = host.partition(".")[2]
        return False


def is_spam_referrer(referrer: str) -> bool:
    """Whether this referrer is on the packaged list."""
    return bool(referrer) and _PACKAGED.sent(referrer)


def _read_hosts(path: Path) -> list[str]:
    if path.stat().st_size > SPAM_FILE_BYTES_MAX:
        raise ValueError(f"{path} is over {SPAM_FILE_BYTES_MAX} bytes.")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.partition("#")[0] for line in lines]


_PACKAGED = SpamHosts.open()
