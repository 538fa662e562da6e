"""What a page's Content-Security-Policy says about one script and one connection. Pure."""

from collections.abc import Iterable
from urllib.parse import urlsplit

Directives = dict[str, list[str]]


def parse_policy(text: str) -> Directives:
    """One policy: directive → sources. The first of two equal directives counts, as in browsers."""
    directives: Directives = {}
    for part in text.split(";"):
        words = part.split()
        if words:
            directives.setdefault(words[0].lower(), words[1:])
    return directives


def allows_script(policies: Iterable[str], url: str, *, page_url: str, nonce: str) -> bool:
    """Whether a script element with this address would run. Every policy must agree."""
    return all(
        _allows(parse_policy(policy), ("script-src-elem", "script-src", "default-src"), url, page_url, nonce)
        for policy in policies
    )


def allows_connection(policies: Iterable[str], url: str, *, page_url: str) -> bool:
    """Whether the script may send events to this address."""
    return all(_allows(parse_policy(policy), ("connect-src", "default-src"), url, page_url, "") for policy in policies)


def _allows(directives: Directives, names: tuple[str, ...], url: str, page_url: str, nonce: str) -> bool:
    sources = next((directives[name] for name in names if name in directives), None)
    if sources is None or (nonce and f"'nonce-{nonce}'" in sources):
        return True
    if "'strict-dynamic'" in sources:
        return False  # Then addresses count for nothing: only a nonce or a trusted script lets one in.
    return any(_matches(source, url, page_url) for source in sources)


def _matches(source: str, url: str, page_url: str) -> bool:
    wanted, page = urlsplit(url), urlsplit(page_url)
    if source == "*":
        return wanted.scheme in ("http", "https")
    if source.lower() == "'self'":
        return (wanted.scheme, wanted.netloc) == (page.scheme, page.netloc)
    if source.startswith("'"):
        return False
    if source.endswith(":"):
        return wanted.scheme == source[:-1].lower()
    return _matches_host(source.lower(), url, page.scheme)


def _matches_host(source: str, url: str, page_scheme: str) -> bool:
    wanted = urlsplit(url)
    scheme, separator, rest = source.partition("://")
    if not separator:
        scheme, rest = page_scheme, source
    # An http source also lets https in.
    if wanted.scheme != scheme and (scheme, wanted.scheme) != ("http", "https"):
        return False
    netloc, slash, path = rest.partition("/")
    host, _, port = netloc.partition(":")
    name = wanted.hostname or ""
    host_fits = name.endswith(host[1:]) if host.startswith("*.") else name == host
    default_port = {"http": 80, "https": 443}.get(wanted.scheme)
    port_fits = port == "*" or (int(port) if port.isdigit() else default_port) == (wanted.port or default_port)
    full_path = slash + path
    path_fits = full_path in ("", "/") or (
        wanted.path.startswith(full_path) if full_path.endswith("/") else wanted.path == full_path
    )
    return host_fits and port_fits and path_fits
