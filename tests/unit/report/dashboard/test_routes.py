import pytest

from passerby.report.dashboard.boot import path_of
from passerby.report.dashboard.routes import Reading, readings


@pytest.mark.parametrize(
    ("path", "domain", "modal"),
    [
        ("example.com", "example.com", ""),
        ("example.com/", "example.com", ""),
        ("example.com/blog", "example.com/blog", ""),
        ("example.com/pages", "example.com", "pages"),
        ("example.com/blog/pages", "example.com/blog", "pages"),
        ("example.com/filter/source", "example.com", "filter/source"),
        ("example.com/referrers/news.example.org/item", "example.com", "referrers/news.example.org/item"),
        ("pages", "pages", ""),
    ],
)
def test_the_likeliest_reading_of_a_path_ends_the_domain_at_a_modals_word(path: str, domain: str, modal: str) -> None:
    assert readings(path)[0] == Reading(domain, modal)


def test_a_domain_that_ends_like_a_modal_can_still_be_found() -> None:
    assert Reading("example.com/pages") in readings("example.com/pages")


def test_a_path_is_escaped_as_the_browser_shows_it() -> None:
    assert path_of("example.com/blog") == "/example.com/blog"
    assert path_of("bücher.example") == "/b%C3%BCcher.example"
    assert path_of("a b?c#d") == "/a%20b%3Fc%23d"
