"""`passerby site`: sites from the command line. Works while the server runs; it notices within two seconds."""

import argparse

from passerby.ops.user import user_of
from passerby.settings import read_settings


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the `passerby` parser."""
    actions = commands.add_parser("site", help="sites").add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="add a site")
    create.add_argument("--email", required=True, help="who owns it")
    create.add_argument("--domain", required=True)
    create.add_argument("--timezone", help="an IANA name (default Etc/UTC)")
    create.set_defaults(run=run_create)
    actions.add_parser("list", help="every site: domain, time zone, owner").set_defaults(run=run_list)


def run_create(arguments: argparse.Namespace) -> int:
    """Add a site and print its domain."""
    from passerby.accounts.setup import prepare

    prepare(read_settings())
    from django.utils import timezone

    from passerby.sites.services import create_site
    from passerby.sites.tracker import WEB_DEFAULTS

    site = create_site(
        user_of(arguments.email),
        domain=arguments.domain,
        timezone=arguments.timezone,
        tracker_options=WEB_DEFAULTS,
        now=timezone.now(),
    )
    print(site.domain)
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """One site a line: domain, time zone and the owners' addresses, separated by tabs."""
    from passerby.accounts.setup import prepare

    del arguments
    prepare(read_settings())
    from passerby.sites.models import Site
    from passerby.teams.roles import TeamRole

    for site in Site.objects.select_related("team").order_by("domain"):
        owners = site.team.memberships.filter(role=TeamRole.OWNER).values_list("user__email", flat=True)
        print(site.domain, site.timezone, ",".join(owners), sep="\t")
    return 0
