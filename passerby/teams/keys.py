"""API keys: making them, finding them again, and what each may do."""

import hashlib
import secrets
from collections.abc import Iterable
from enum import StrEnum

from passerby.accounts.models import User
from passerby.errors import Refusal
from passerby.teams.models import ApiKey, Team

KEYS_MAX = 1000  # Of a person; each has limits of its own.
KEY_BYTES = 48  # 64 characters of URL-safe base64.
KEY_CHARACTERS_MAX = 256
PREFIX_CHARACTERS = 6
HOURLY_LIMIT_DEFAULT = 600
HOURLY_LIMIT_MAX = 1_000_000_000


class Scope(StrEnum):
    """What a key may be used for."""

    STATS_READ = "stats:read"
    SITES_READ = "sites:read"
    SITES_PROVISION = "sites:provision"
    EVENTS_WRITE = "events:write"
    EVENTS_READ = "events:read"
    IMPORTS_WRITE = "imports:write"


IMPLICIT_SCOPES = frozenset({Scope.STATS_READ, Scope.SITES_READ})  # Every key reads what its owner may read.


class KeyRefused(Refusal):
    """A key cannot be made as asked."""

    code = "key_refused"


def create_key(
    user: User,
    *,
    scopes: Iterable[str],
    name: str = "API key",
    team: Team | None = None,
    hourly_limit: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its only readable copy.

    Raises: KeyRefused for an unknown scope, a limit out of range, or one key too many.
    """
    if hourly_limit is not None and not 1 <= hourly_limit <= HOURLY_LIMIT_MAX:
        raise KeyRefused(f"The hourly limit is a whole number, 1 to {HOURLY_LIMIT_MAX}.", field="hourly_limit")
    if user.api_keys.count() >= KEYS_MAX:
        raise KeyRefused(f"Nobody has more than {KEYS_MAX} keys. Revoke one first.")
    secret = secrets.token_urlsafe(KEY_BYTES)
    key = ApiKey.objects.create(
        user=user,
        team=team,
        name=name.strip()[:255] or "API key",
        key_hash=key_hash(secret),
        key_prefix=secret[:PREFIX_CHARACTERS],
        scopes=sorted({_scope(scope) for scope in scopes}),
        hourly_limit=hourly_limit,
    )
    return key, secret


def find_key(secret: str) -> ApiKey | None:
    """The key a caller holds, with its owner; None for anything else."""
    if not secret or len(secret) > KEY_CHARACTERS_MAX:
        return None
    return ApiKey.objects.select_related("user", "team").filter(key_hash=key_hash(secret), user__is_active=True).first()


def allows(key: ApiKey, scope: Scope) -> bool:
    """Whether a key may be used for `scope`."""
    return scope in IMPLICIT_SCOPES or scope.value in key.scopes


def key_hash(secret: str) -> str:
    """What is stored of a key. It has 384 random bits, so one fast hash is enough (docs/decisions/0042)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _scope(text: str) -> str:
    try:
        return Scope(text.removesuffix(":*")).value  # Plausible writes stats:read:*.
    except ValueError as problem:
        known = ", ".join(scope.value for scope in Scope)
        raise KeyRefused(f"There is no scope {text!r}. The scopes are {known}.", field="scope") from problem
