"""A site's domain as people type it, and what is refused as one."""

import re

from passerby.errors import Refusal
from passerby.sites.models import DOMAIN_CHARACTERS_MAX

FIELD = "domain"
SCHEMES = ("https://", "http://")
# First words of our own addresses: the dashboard of a site with such a name could not be reached.
RESERVED_WORDS = frozenset(
    {
        *("api", "assets", "favicon.ico", "js", "legal", "login", "logout", "me", "metrics", "password", "register"),
        *("robots.txt", "settings", "setup", "share", "sites", "static", "team", "teams"),
    }
)
RESERVED_CHARACTERS = re.compile(r"[:?#\[\]@!$&'()*+,;=]")
LEGAL = re.compile(r"[\w\-./\\:]+")


class DomainRefused(Refusal):
    """Not a domain a site can have."""

    code = "domain_refused"


def parse_domain(text: object) -> str:
    """A domain in the one form it is stored: lower case, without scheme, `www.` and trailing slash.

    A path may follow (`example.com/shop`): one site for a part of a website.
    Raises: DomainRefused.
    """
    if text is None or text == "":
        raise DomainRefused("can't be blank", field=FIELD)
    if not isinstance(text, str):
        raise DomainRefused("is invalid", field=FIELD)
    domain = text.strip().lower()
    for scheme in SCHEMES:
        domain = domain.removeprefix(scheme)
    domain = domain.strip("/").removeprefix("www.").strip("/")
    if not domain:
        raise DomainRefused("can't be blank", field=FIELD)
    if len(domain) > DOMAIN_CHARACTERS_MAX:
        raise DomainRefused(f"should be at most {DOMAIN_CHARACTERS_MAX} character(s)", field=FIELD)
    if RESERVED_CHARACTERS.search(domain):
        raise DomainRefused("must not contain URI reserved characters : ? # [ ] @ ! $ & ' ( ) * + , ; =", field=FIELD)
    if not LEGAL.fullmatch(domain):
        raise DomainRefused("only letters, numbers, slashes and period allowed", field=FIELD)
    if not {"", ".", ".."}.isdisjoint(domain.split("/")):  # Browsers tidy such paths: its pages could not be reached.
        raise DomainRefused("is invalid", field=FIELD)
    if domain.split("/")[0] in RESERVED_WORDS:
        raise DomainRefused("is reserved", field=FIELD)
    return domain
