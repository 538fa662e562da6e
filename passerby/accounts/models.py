"""People who log in, their sessions and their one-time login links. Nothing about visitors is ever kept here."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Finds people by their address in any spelling."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Someone with an account. The e-mail address is kept in lower case, so that it is unique in any spelling."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=255, blank=True)
    theme = models.CharField(max_length=8, default="system", choices=[(t, t) for t in ("system", "light", "dark")])
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    inserted_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store, with the address in lower case."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        """What other people see: the name, or the part of the address before the @."""
        return self.name or self.email.partition("@")[0]


class Session(AbstractBaseSession):
    """A browser that is logged in. `session_key` is the SHA-256 of what the browser holds; no address is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    last_used_at = models.DateTimeField(auto_now=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that writes these rows."""
        from passerby.accounts.sessions import SessionStore

        return SessionStore


class LoginLink(models.Model):
    """A link that logs one person in, once, for a few minutes. Only its hash is stored."""

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_links")
    expires_at = models.DateTimeField()

    def is_usable(self, now: datetime) -> bool:
        """Whether the link's quarter of an hour is not over."""
        return now < self.expires_at
