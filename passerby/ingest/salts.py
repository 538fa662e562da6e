"""The salt and its short life: random, new at every 00:00 UTC, gone 30 minutes after its successor arrived.

The clock is the caller's; it may jump. A salt is judged each time it is used, so a dead timer cannot keep one alive:
by the wall clock (its day), and by the monotonic clock (its age), whatever the wall clock says.

Source: docs/decisions/0011-salts.md.
"""

import math
import secrets
import threading
import time
from dataclasses import dataclass, field
from hashlib import blake2b

import msgspec

from passerby.ingest.salt_log import SaltLog
from passerby.ingest.salt_vault import SaltVault

SECRET_BYTES = 32
DAY_SECONDS = 86_400
OVERLAP_SECONDS = 30 * 60  # How long the previous salt is kept, so that a visit crossing midnight stays one.
CLOCK_STEP_SECONDS_MAX = (
    300  # A clock set back by less keeps the salt: time daemons correct themselves at midnight too.
)
AGE_SECONDS_MAX = DAY_SECONDS + OVERLAP_SECONDS


@dataclass(slots=True)
class Salt:
    """One day's secret. `day` counts days since 1970, UTC. Its `repr` never shows the secret."""

    day: int
    secret: bytearray = field(repr=False)
    born: float = field(repr=False)  # On the monotonic clock of this process.
    retired: float = field(default=math.inf, repr=False)  # When its successor arrived, likewise.

    @property
    def fingerprint(self) -> str:
        """Names the salt in the log without revealing it."""
        return blake2b(self.secret, digest_size=8, person=b"fingerprint").hexdigest()

    def wipe(self) -> None:
        """Overwrite the secret in memory."""
        self.secret[:] = bytes(len(self.secret))


class _Kept(msgspec.Struct):
    """What the vault holds while a salt lives."""

    day: int
    secret: bytes
    previous_day: int | None = None
    previous_secret: bytes | None = None


class Salts:
    """Today's salt and, for half an hour, yesterday's. Thread-safe."""

    def __init__(self, vault: SaltVault, log: SaltLog) -> None:
        self._vault = vault
        self._log = log
        self._lock = threading.Lock()
        self._current: Salt | None = None
        self._previous: Salt | None = None
        self._fresh_from = 0  # While `now` is inside [from, until) nothing needs to be looked at again.
        self._fresh_until = 0
        self._dies = math.inf  # When one of them is too old whatever the wall clock says, on the monotonic clock.
        self._recall()

    def at(self, now: int) -> tuple[bytearray, bytearray | None]:
        """The secrets to use at `now` (Unix seconds): today's, and yesterday's while it may still be used."""
        if not self._fresh_from <= now < self._fresh_until or time.monotonic() > self._dies:
            self.rotate(now)
        current, previous = self._current, self._previous
        assert current is not None  # noqa: S101 - `rotate` made one.
        return current.secret, previous.secret if previous is not None else None

    def rotate(self, now: int) -> None:
        """Bring the salts in line with the clock: destroy what is too old, create what is missing."""
        with self._lock:
            self._destroy_old(now)
            if self._current is None:
                self._current = self._create(now // DAY_SECONDS, now)
            if self._previous is not None and (now >= self._previous_until() or self._previous_is_over_age()):
                self._destroy(self._previous, now)
                self._previous = None
            self._keep()
            self._dies = self._current.born + AGE_SECONDS_MAX
            if self._previous is not None:
                self._dies = min(self._dies, self._previous.retired + OVERLAP_SECONDS)
            start = self._current.day * DAY_SECONDS
            self._fresh_from = start - CLOCK_STEP_SECONDS_MAX
            self._fresh_until = start + DAY_SECONDS if self._previous is None else self._previous_until()

    def close(self) -> None:
        """Forget the secrets in memory; the vault keeps them for the next start."""
        with self._lock:
            for salt in (self._current, self._previous):
                if salt is not None:
                    salt.wipe()
            self._current = self._previous = None
            self._fresh_until = 0

    def _previous_until(self) -> int:
        assert self._current is not None  # noqa: S101 - Only asked beside a current salt.
        return self._current.day * DAY_SECONDS + OVERLAP_SECONDS

    def _is_over_age(self) -> bool:
        return self._current is not None and time.monotonic() - self._current.born > AGE_SECONDS_MAX

    def _previous_is_over_age(self) -> bool:
        return self._previous is not None and time.monotonic() > self._previous.retired + OVERLAP_SECONDS

    def _destroy_old(self, now: int) -> None:
        current = self._current
        if current is None:
            return
        start = current.day * DAY_SECONDS
        if not self._is_over_age() and start - CLOCK_STEP_SECONDS_MAX <= now < start + DAY_SECONDS:
            return
        if self._previous is not None:
            self._destroy(self._previous, now)
            self._previous = None
        is_just_over = start + DAY_SECONDS <= now < start + DAY_SECONDS + OVERLAP_SECONDS
        if is_just_over and not self._is_over_age():
            self._previous = current
            current.retired = time.monotonic()
        else:
            self._destroy(current, now)
        self._current = None

    def _create(self, day: int, now: int) -> Salt:
        salt = Salt(day=day, secret=bytearray(secrets.token_bytes(SECRET_BYTES)), born=time.monotonic())
        self._log.append("created", fingerprint=salt.fingerprint, at=now)
        return salt

    def _destroy(self, salt: Salt, now: int) -> None:
        fingerprint = salt.fingerprint
        salt.wipe()
        self._log.append("destroyed", fingerprint=fingerprint, at=now)

    def _keep(self) -> None:
        current, previous = self._current, self._previous
        assert current is not None  # noqa: S101 - `rotate` made one.
        self._vault.write(
            msgspec.json.encode(
                _Kept(
                    day=current.day,
                    secret=bytes(current.secret),
                    previous_day=previous.day if previous else None,
                    previous_secret=bytes(previous.secret) if previous else None,
                )
            )
        )

    def _recall(self) -> None:
        """Take over what an earlier process left in memory-backed storage; `at` judges whether it may still be used."""
        raw = self._vault.read()
        if raw is None:
            return
        try:
            kept = msgspec.json.decode(raw, type=_Kept)
        except msgspec.MsgspecError:
            return
        self._current = Salt(day=kept.day, secret=bytearray(kept.secret), born=time.monotonic())
        if kept.previous_day is not None and kept.previous_secret is not None:
            now = time.monotonic()
            self._previous = Salt(day=kept.previous_day, secret=bytearray(kept.previous_secret), born=now, retired=now)
