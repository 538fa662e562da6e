"""How mail leaves this server: over SMTP to where the operator says, or not at all."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from passerby.settings import SettingRefused, Settings

SCHEMES = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """What Django needs to know to send mail."""

    backend: str = "django.core.mail.backends.dummy.EmailBackend"
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    uses_starttls: bool = False
    uses_tls: bool = False
    sender: str = "passerby@localhost"

    @property
    def can_send(self) -> bool:
        """Whether a mail goes anywhere."""
        return bool(self.host)


def mail_of(settings: Settings) -> Mail:
    """The mail settings.

    `smtp://` speaks STARTTLS as soon as there is a password to protect; `smtps://` speaks TLS from the start.
    Raises: SettingRefused for another address, without a sender, or without the public address that mails link to.
    """
    if not settings.mail_url:
        return Mail()
    parts = urlsplit(settings.mail_url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SettingRefused("PASSERBY_MAIL_URL: expected smtp://user:password@host:587 or smtps://…:465.")
    if "@" not in settings.mail_from:
        raise SettingRefused("PASSERBY_MAIL_FROM: mail needs the address that it comes from.")
    if not settings.has_base_url:
        raise SettingRefused("PASSERBY_BASE_URL: mails carry links, so the public address must be set.")
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or SCHEMES[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        uses_starttls=parts.scheme == "smtp" and bool(parts.password),
        uses_tls=parts.scheme == "smtps",
        sender=settings.mail_from,
    )
