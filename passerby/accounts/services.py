"""Writes to accounts: people and one-time login links."""

import hashlib
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from passerby.accounts.models import LoginLink, User
from passerby.errors import Refusal

LOGIN_LINK_MINUTES = 15


class AccountRefused(Refusal):
    """An account cannot be made from what was given."""

    code = "account_refused"


class SetUpAlready(Refusal):
    """The first-run page is over: somebody owns this server."""

    status = 404
    code = "set_up_already"


def create_user(*, email: str, password: str, name: str = "", is_superuser: bool = False) -> User:
    """A new account.

    Raises: AccountRefused with the field and every rule the value breaks.
    """
    user = User(email=email.strip().lower(), name=name.strip(), is_superuser=is_superuser)
    try:
        validate_email(user.email)
    except ValidationError as problem:
        raise AccountRefused("Enter a valid e-mail address.", field="email") from problem
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise AccountRefused(" ".join(problem.messages), field="password") from problem
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as problem:
        raise AccountRefused("There is already an account with this e-mail address.", field="email") from problem
    return user


def create_first_user(*, email: str, password: str, name: str) -> User:
    """The owner of a fresh server, who may do everything on it.

    Raises: SetUpAlready once any account exists; AccountRefused as `create_user`.
    """
    with transaction.atomic():
        if User.objects.exists():
            raise SetUpAlready("This server has been set up already. Log in instead.")
        return create_user(email=email, password=password, name=name, is_superuser=True)


def make_login_link(user: User, *, now: datetime, next_path: str = "/sites") -> str:
    """The path of a link that logs `user` in once within a quarter of an hour."""
    token = secrets.token_urlsafe(32)
    LoginLink.objects.filter(expires_at__lte=now).delete()
    LoginLink.objects.create(token_hash=_hash(token), user=user, expires_at=now + timedelta(minutes=LOGIN_LINK_MINUTES))
    return f"/login/link/{token}?{urlencode({'next': next_path})}"


def use_login_link(token: str, *, now: datetime) -> User | None:
    """The person a link is for, once; None when it is unknown, used or over."""
    with transaction.atomic():
        link = LoginLink.objects.select_for_update().select_related("user").filter(token_hash=_hash(token)).first()
        if link is None:
            return None
        link.delete()
        return link.user if link.is_usable(now) and link.user.is_active else None


def _hash(token: str) -> str:
    # 256 random bits need no salt and no slow hash: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
