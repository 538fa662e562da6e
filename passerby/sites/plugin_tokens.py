"""Plugin tokens: what a CMS plugin shows to reach one site."""

import base64
import hashlib
import secrets
from datetime import datetime

from passerby.errors import Refusal
from passerby.sites.models import PluginToken, Site

PREFIX = "plausible-plugin-selfhost-"  # Plausible's WordPress plugin refuses a token without "plausible-plugin".
TOKENS_MAX = 100  # Of a site.
TOKEN_BYTES = 30
TOKEN_CHARACTERS_MAX = 256
DESCRIPTION_CHARACTERS_MAX = 255
HINT_CHARACTERS = 4
USED_SECONDS = 300  # `last_used_at` is written at most this often.


class TokenRefused(Refusal):
    """A token cannot be made as asked."""

    code = "plugin_token_refused"


def create_token(site: Site, description: str) -> tuple[PluginToken, str]:
    """A new token and its only readable copy.

    Raises: TokenRefused.
    """
    cleaned = description.strip()
    if not cleaned or len(cleaned) > DESCRIPTION_CHARACTERS_MAX:
        raise TokenRefused(f"must be 1 to {DESCRIPTION_CHARACTERS_MAX} characters", field="description")
    if site.plugin_tokens.count() >= TOKENS_MAX:
        raise TokenRefused(f"maximum reached: {TOKENS_MAX} tokens. Revoke one first.", field="description")
    secret = PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).decode("ascii")
    token = PluginToken.objects.create(
        site=site, description=cleaned, token_hash=_hash(secret), hint=secret[-HINT_CHARACTERS:]
    )
    return token, secret


def find_site_by_token(secret: str, *, now: datetime) -> Site | None:
    """The site a token reaches, or None."""
    if not secret or len(secret) > TOKEN_CHARACTERS_MAX:
        return None
    token = PluginToken.objects.select_related("site__tracker", "site__team").filter(token_hash=_hash(secret)).first()
    if token is None:
        return None
    if token.last_used_at is None or abs((now - token.last_used_at).total_seconds()) > USED_SECONDS:
        PluginToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.site


def revoke_token(site: Site, token_id: int) -> bool:
    """Delete a token; False when the site has none by this id."""
    deleted, _ = site.plugin_tokens.filter(pk=token_id).delete()
    return bool(deleted)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
