"""Server-side sessions whose keys are stored hashed: a copy of the database opens no account."""

import hashlib
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from passerby.accounts.models import Session


def stored_key(session_key: str) -> str:
    """What the database knows of a session cookie: the first 160 bits of its SHA-256, as 40 hexadecimal digits."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseSessionStore):
    """Django's database sessions, with the key hashed before it touches a table and the owner beside it."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table; overridden as Django's documentation says."""
        return Session

    def load(self) -> dict[str, Any]:
        """The stored data, or an empty session without a key when there is none or it is over."""
        stored = Session.objects.filter(
            session_key=stored_key(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if stored is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(stored.session_data)
        return data

    def exists(self, session_key: str) -> bool:
        """Whether a browser with this key is known."""
        return super().exists(stored_key(session_key))

    def create(self) -> None:
        """A new session; the ones that are over go, so that the table holds only who is logged in."""
        self.clear_expired()
        super().create()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save."""
        row = cast("Session", super().create_model_instance(data))
        row.session_key = stored_key(row.session_key)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Log this browser out, wherever its cookie still is."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=stored_key(key)).delete()
