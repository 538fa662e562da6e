"""`passerby key`: API keys from the command line. Works while the server runs."""

import argparse

from passerby.ops.user import user_of
from passerby.settings import read_settings


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the `passerby` parser."""
    actions = commands.add_parser("key", help="API keys").add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a key and print it; it is never shown again")
    create.add_argument("--email", required=True, help="whose key it is")
    create.add_argument("--scope", action="append", required=True, help="what it may do; may be repeated")
    create.add_argument("--name", default="Command line")
    create.add_argument("--hourly-limit", type=int, help="requests an hour (default 600)")
    create.set_defaults(run=run_create)


def run_create(arguments: argparse.Namespace) -> int:
    """Make a key and print it, and nothing else."""
    from passerby.accounts.setup import prepare

    prepare(read_settings())
    from passerby.teams.keys import create_key

    _, secret = create_key(
        user_of(arguments.email),
        scopes=arguments.scope,
        name=arguments.name,
        hourly_limit=arguments.hourly_limit,
    )
    print(secret)
    return 0
