import pytest

from passerby.report.content_policy import allows_connection, allows_script
from passerby.report.install_check import Finding, Installation, Verdict, check_page
from passerby.report.page_fetch import FetchedPage, is_public

SERVER = "https://stats.example.org"
SCRIPT_ID = "pa-Ab3dEf6hIj9kLm2nOp5qR"
WANTED = Installation(domain="shop.example", script_id=SCRIPT_ID, base_url=SERVER)
OWN = f'<script async src="{SERVER}/js/{SCRIPT_ID}.js"></script><script>plausible.init()</script>'
LEGACY = f'<script defer data-domain="shop.example" src="{SERVER}/js/script.hash.js"></script>'


def check(html: str, *, status: int = 200, policy: str = "") -> Finding:
    headers = (("content-security-policy", policy),) if policy else ()
    return check_page(FetchedPage("https://shop.example/", status, headers, html.encode()), WANTED)


@pytest.mark.parametrize(
    "html",
    [
        OWN,
        LEGACY,
        LEGACY.replace("shop.example", "all.example, www.shop.example"),
        OWN.replace("plausible.init()", "passerby.init({})"),
        OWN.replace("<script>plausible.init()</script>", '<script src="/app.js"></script>'),
    ],
)
def test_a_snippet_in_place_is_found(html: str) -> None:
    finding = check(f"<html><head>{html}</head></html>")
    assert (finding.verdict, finding.message) == (Verdict.INSTALLED, "The snippet is in place.")


def test_a_proxy_of_the_sites_own_is_recognised() -> None:
    finding = check('<script data-domain="shop.example" data-api="/in" src="/s.js"></script>')
    assert finding.verdict is Verdict.INSTALLED
    assert "proxy" in finding.message
    assert finding.script_url == "https://shop.example/s.js"


@pytest.mark.parametrize(
    ("html", "verdict", "word"),
    [
        ("<p>hello</p>", Verdict.SNIPPET_MISSING, "<head>"),
        (
            "<script src='https://www.googletagmanager.com/gtm.js?id=1'></script>",
            Verdict.SNIPPET_MISSING,
            "Tag Manager",
        ),
        ("<link href='/wp-content/a.css'>", Verdict.SNIPPET_MISSING, "WordPress"),
        ("<script>plausible.init()</script>", Verdict.SNIPPET_MISSING, "proxy"),
        (LEGACY.replace(SERVER, "https://plausible.io"), Verdict.OTHER_SERVER, SERVER),
        (LEGACY.replace("shop.example", "other.example"), Verdict.OTHER_SITE, "data-domain"),
        (OWN.replace("Ab3", "Xb3"), Verdict.OTHER_SITE, "shop.example"),
        (OWN.replace("plausible.init()", ""), Verdict.NOT_STARTED, "plausible.init()"),
        (f"<!-- {OWN} -->", Verdict.SNIPPET_MISSING, "<head>"),
    ],
)
def test_what_is_wrong_comes_with_advice(html: str, verdict: Verdict, word: str) -> None:
    finding = check(html)
    assert finding.verdict is verdict
    assert word in finding.advice


def test_an_error_page_is_not_searched() -> None:
    finding = check(OWN, status=503)
    assert (finding.verdict, "503" in finding.message) == (Verdict.PAGE_ERROR, True)


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        ("script-src 'self'", Verdict.SCRIPT_BLOCKED),
        (f"default-src 'none'; script-src {SERVER}", Verdict.EVENTS_BLOCKED),
        (f"script-src {SERVER}; connect-src {SERVER}", Verdict.INSTALLED),
        ("img-src 'none'", Verdict.INSTALLED),
    ],
)
def test_a_policy_is_read_from_header_and_page(policy: str, verdict: Verdict) -> None:
    assert check(OWN, policy=policy).verdict is verdict
    assert check(f'<meta http-equiv="Content-Security-Policy" content="{policy}">{OWN}').verdict is verdict


@pytest.mark.parametrize(
    ("sources", "allowed"),
    [
        ("*", True),
        ("https:", True),
        ("http:", False),
        ("stats.example.org", True),
        ("http://stats.example.org", True),
        ("*.example.org", True),
        ("*.org", True),
        ("example.org", False),
        ("*.stats.example.org", False),
        ("stats.example.org:443", True),
        ("stats.example.org:*", True),
        ("stats.example.org:8443", False),
        ("https://stats.example.org/js/", True),
        ("https://stats.example.org/other/", False),
        ("'self'", False),
        ("'none'", False),
        ("'unsafe-inline'", False),
        ("", False),
        ("'nonce-abc'", True),
        ("'nonce-xyz'", False),
        ("'strict-dynamic' https:", False),
        ("'strict-dynamic' 'nonce-abc'", True),
    ],
)
def test_a_source_list_is_matched_as_browsers_do(sources: str, *, allowed: bool) -> None:
    policy = [f"script-src {sources}"]
    url = f"{SERVER}/js/script.js"
    assert allows_script(policy, url, page_url="https://shop.example/", nonce="abc") is allowed


def test_every_policy_must_agree() -> None:
    one, other = f"connect-src {SERVER}", "connect-src 'self'"
    assert allows_connection([one], f"{SERVER}/api/event", page_url="https://shop.example/")
    assert not allows_connection([one, other], f"{SERVER}/api/event", page_url="https://shop.example/")


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
def test_addresses_inside_a_network_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are_public(number: str) -> None:
    assert is_public(number)
