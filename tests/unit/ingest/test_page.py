import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.ingest.page import PageRefused, page_of, root_domain_of


@pytest.mark.parametrize(
    ("url", "hostname", "pathname"),
    [
        ("https://example.com", "example.com", "/"),
        ("https://www.example.com/blog/", "example.com", "/blog/"),
        ("https://www.www.example.com/", "www.example.com", "/"),
        ("HTTPS://User:pw@Example.COM:8443/a?b#c", "Example.COM", "/a"),
        ("https://example.com?utm_source=x", "example.com", "/"),
        ("about:config", "(none)", "config"),
        ("file:///android_asset/www/index.html", "(none)", "/android_asset/www/index.html"),
        ("app://localhost/login", "localhost", "/login"),
        ("chrome-extension://abc/popup.html", "abc", "/popup.html"),
        ("/relative", "(none)", "/relative"),
        ("https://[::1]:80/x", "::1", "/x"),
        ("https://example.com/%D8%AC", "example.com", "/ج"),
        ("https://example.com/%ff%zz", "example.com", "/\ufffd%zz"),
        ("https://example.com/a%20%20", "example.com", "/a"),
        ("https://example.com/100%", "example.com", "/100%"),
    ],
)
def test_a_page_has_a_host_and_a_path(url: str, hostname: str, pathname: str) -> None:
    page = page_of(url)

    assert (page.hostname, page.pathname) == (hostname, pathname)


def test_a_query_is_read_as_a_form_and_the_last_value_wins() -> None:
    page = page_of("https://example.com/?utm_source=a+b&utm_source=%22c%22&gclid=&ref")

    assert page.query == {"utm_source": '"c"', "gclid": "", "ref": ""}


@pytest.mark.parametrize(
    ("hostname", "root"),
    [
        ("example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("Blog.Example.com", "example.com"),
        ("192.168.0.1", "192.168.0.1"),
        ("::1", "::1"),
        ("(none)", "(none)"),
        ("localhost", "localhost"),
        ("com", "com"),
        ("a" * 70 + ".com", "a" * 70 + ".com"),
        ("..", ".."),
    ],
)
def test_sub_domains_share_a_root_domain(hostname: str, root: str) -> None:
    assert root_domain_of(hostname) == root


@given(st.text(max_size=300))
def test_no_address_raises_anything_but_a_refusal(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}", f"https://a/?{text}"):
        try:
            page = page_of(url)
        except PageRefused:
            continue
        assert page.hostname
        page.pathname.encode()
