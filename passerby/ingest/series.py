"""Keys that tell the visitors of a backfill apart: one for each request, or one for a named series of requests.

A request's key is thrown away with the request. A series' key follows from one secret that is kept like the salts: in
memory-backed storage, and destroyed when no series was used for a week.
"""

import secrets
import threading
from hashlib import blake2b

import msgspec

from passerby.ingest.directory import SiteId
from passerby.ingest.salt_log import SaltLog
from passerby.ingest.salt_vault import SaltVault
from passerby.ingest.visitor import VisitorId

SECRET_BYTES = 32
IDLE_SECONDS_MAX = 7 * 86_400
KEEP_SECONDS = 3600  # The time of use is kept this exactly.


class _Kept(msgspec.Struct):
    """What the vault holds."""

    secret: bytes
    used_at: int


class Series:
    """The secret behind all series of one data folder. Thread-safe."""

    def __init__(self, vault: SaltVault, log: SaltLog) -> None:
        self._vault = vault
        self._log = log
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self.recalled = False  # Whether series of an earlier process may go on, so that the store must be asked.
        self._recall()

    def key_of(self, site_id: SiteId, scope: str, *, now: int) -> bytes:
        """The key of one series of one site."""
        self.retire(now)
        with self._lock:
            kept = self._current(now)
            message = site_id.to_bytes(8, "big") + scope.encode()
            return blake2b(message, key=kept.secret, digest_size=SECRET_BYTES).digest()

    def retire(self, now: int) -> None:
        """Destroy the secret once no series was used for a week, whether or not another one ever comes."""
        with self._lock:
            kept = self._kept
            if kept is not None and not abs(now - kept.used_at) < IDLE_SECONDS_MAX:
                self._log.append("destroyed", fingerprint=_fingerprint(kept.secret), at=now)
                self._kept = None
                self._vault.clear()

    def _current(self, now: int) -> _Kept:
        kept = self._kept
        if kept is None:
            kept = _Kept(secrets.token_bytes(SECRET_BYTES), now)
            self._log.append("created", fingerprint=_fingerprint(kept.secret), at=now)
            self.recalled = False
            self._vault.write(msgspec.json.encode(kept))
        elif abs(now - kept.used_at) >= KEEP_SECONDS:
            kept.used_at = now
            self._vault.write(msgspec.json.encode(kept))
        self._kept = kept
        return kept

    def _recall(self) -> None:
        raw = self._vault.read()
        if raw is None:
            return
        try:
            self._kept = msgspec.json.decode(raw, type=_Kept)
        except msgspec.MsgspecError:
            return
        self.recalled = True


def request_key() -> bytes:
    """A key for one request, kept nowhere."""
    return secrets.token_bytes(SECRET_BYTES)


def series_visitor(key: bytes, visitor: str | int) -> VisitorId:
    """The visitor that a backfill calls `visitor`; 1 and "1" are different ones."""
    digest = blake2b(msgspec.json.encode(visitor), key=key, digest_size=8).digest()
    return VisitorId(int.from_bytes(digest, "big") or 1)


def _fingerprint(secret: bytes) -> str:
    return blake2b(secret, digest_size=8, person=b"fingerprint").hexdigest()
