"""`passerby user`: accounts from the command line. Works while the server runs; both use the same database."""

import argparse
import sys
from typing import TYPE_CHECKING

from passerby.errors import Refusal
from passerby.settings import read_settings

if TYPE_CHECKING:
    from passerby.accounts.models import User


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the `passerby` parser."""
    actions = commands.add_parser("user", help="accounts").add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make an account; the password is read from standard input")
    create.add_argument("--email", required=True)
    create.add_argument("--name", default="")
    create.add_argument("--password-stdin", action="store_true", required=True, help="read one line")
    create.add_argument("--superuser", action="store_true", help="may see and set up every site of this server")
    create.set_defaults(run=run_create)
    link = actions.add_parser("login-link", help="print a link that logs somebody in once")
    link.add_argument("--email", required=True)
    link.set_defaults(run=run_login_link)


def run_create(arguments: argparse.Namespace) -> int:
    """Make an account and print its e-mail address."""
    from passerby.accounts.setup import prepare

    prepare(read_settings())
    from passerby.accounts.services import create_user

    user = create_user(
        email=arguments.email,
        name=arguments.name,
        password=sys.stdin.readline().rstrip("\r\n"),
        is_superuser=arguments.superuser,
    )
    print(user.email)
    return 0


def run_login_link(arguments: argparse.Namespace) -> int:
    """Print an address that logs an account in once, within a quarter of an hour."""
    from passerby.accounts.setup import prepare

    settings = read_settings()
    prepare(settings)
    from django.utils import timezone

    from passerby.accounts.services import make_login_link

    user = user_of(arguments.email)
    print(f"{settings.base_url}{make_login_link(user, now=timezone.now())}")
    return 0


def user_of(email: str) -> "User":
    """The account with an e-mail address.

    Raises: Refusal.
    """
    from passerby.accounts.models import User

    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise Refusal(f"There is no account {email!r}. `passerby user create` makes one.", field="email")
    return user
