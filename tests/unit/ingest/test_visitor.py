from passerby.ingest.visitor import visitor_id

SECRET = bytes(range(32))


def of(**changes: str) -> int:
    person = {"domain": "example.com", "root_domain": "example.com", "ip": "198.51.100.7", "user_agent": "Firefox"}
    return visitor_id(SECRET, **{**person, **changes})


def test_the_same_browser_on_the_same_site_is_one_visitor() -> None:
    assert of() == of()
    assert 0 < of() < 2**64


def test_another_site_domain_address_or_browser_is_another_visitor() -> None:
    others = [of(domain="other.com"), of(root_domain="other.com"), of(ip="198.51.100.8"), of(user_agent="Chrome")]

    assert len({of(), *others}) == 5


def test_the_parts_do_not_run_into_each_other() -> None:
    assert of(domain="ab", root_domain="c") != of(domain="a", root_domain="bc")


def test_two_spellings_of_an_address_are_one_visitor() -> None:
    assert of(ip="2001:db8::1") == of(ip="2001:0db8:0:0::1")


def test_an_unknown_address_is_hashed_as_it_is() -> None:
    assert of(ip="") != of(ip="nonsense")


def test_another_salt_makes_everybody_new() -> None:
    other = visitor_id(bytes(32), domain="a", root_domain="a", ip="1.1.1.1", user_agent="x")

    assert other != visitor_id(SECRET, domain="a", root_domain="a", ip="1.1.1.1", user_agent="x")
