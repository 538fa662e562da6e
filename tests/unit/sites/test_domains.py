import pytest

from passerby.sites.domains import DomainRefused, parse_domain


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("example.com", "example.com"),
        ("  Example.COM ", "example.com"),
        ("https://www.example.com/", "example.com"),
        ("http://example.com/Shop/", "example.com/shop"),
        ("www.example.com", "example.com"),
        ("wwwexample.com", "wwwexample.com"),
        ("müller.example", "müller.example"),
        ("example.com/a/b", "example.com/a/b"),
        ("localhost", "localhost"),
        ("www.//example.com", "example.com"),  # Nobody is sent to //example.com afterwards.
    ],
)
def test_a_domain_is_stored_in_one_form(typed: str, domain: str) -> None:
    assert parse_domain(typed) == domain


@pytest.mark.parametrize("typed", [None, "", "   ", "https://", "/", "www."])
def test_nothing_is_no_domain(typed: str | None) -> None:
    with pytest.raises(DomainRefused, match="can't be blank"):
        parse_domain(typed)


@pytest.mark.parametrize("typed", [5, True, ["example.com"], {"domain": "example.com"}])
def test_only_a_text_is_a_domain(typed: object) -> None:
    with pytest.raises(DomainRefused, match="is invalid"):
        parse_domain(typed)


@pytest.mark.parametrize("typed", ["exa mple.com", "a<b", "a\nb.com", "example.com%20"])
def test_other_characters_are_refused(typed: str) -> None:
    with pytest.raises(DomainRefused, match="only letters, numbers, slashes and period allowed"):
        parse_domain(typed)


@pytest.mark.parametrize("typed", ["example.com?a", "example.com#a", "a@example.com", "example.com:8000", "a=b"])
def test_reserved_characters_are_refused(typed: str) -> None:
    with pytest.raises(DomainRefused, match="reserved characters"):
        parse_domain(typed)


@pytest.mark.parametrize("typed", ["login", "sites", "api/v1", "Settings", "share/x"])
def test_a_domain_does_not_hide_one_of_our_own_addresses(typed: str) -> None:
    with pytest.raises(DomainRefused, match="is reserved"):
        parse_domain(typed)


@pytest.mark.parametrize("typed", ["example.com//shop", "../sites", "example.com/./x", "www./../x"])
def test_a_path_that_browsers_would_tidy_is_refused(typed: str) -> None:
    with pytest.raises(DomainRefused, match="is invalid"):
        parse_domain(typed)


def test_a_domain_has_a_length() -> None:
    assert parse_domain("a" * 253) == "a" * 253
    with pytest.raises(DomainRefused, match="at most 253"):
        parse_domain("a" * 254)
