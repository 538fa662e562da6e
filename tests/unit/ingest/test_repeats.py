from passerby.ingest.directory import SiteId
from passerby.ingest.hit import Hit, parse_hit
from passerby.ingest.repeats import Repeats

ONE, OTHER = SiteId(1), SiteId(2)


def test_an_event_is_known_again_on_its_own_site_only() -> None:
    repeats = Repeats()
    repeats.remember(ONE, "0.25", 1)
    assert repeats.has(ONE, "0.25")
    assert not repeats.has(OTHER, "0.25")
    assert not repeats.has(ONE, "0.5")


def test_events_without_an_id_are_never_the_same() -> None:
    repeats = Repeats()
    repeats.remember(ONE, "", 1)
    repeats.forget(ONE, "")
    assert not repeats.has(ONE, "")


def test_an_event_that_was_not_kept_may_come_again() -> None:
    repeats = Repeats()
    repeats.remember(ONE, "0.25", 1)
    repeats.forget(ONE, "0.25")
    repeats.forget(ONE, "0.75")
    assert not repeats.has(ONE, "0.25")


def test_the_oldest_ids_are_forgotten_first_and_the_latest_half_never() -> None:
    repeats = Repeats(ids_max=10)
    for number in range(100):
        repeats.remember(ONE, str(number), 1)
        assert all(repeats.has(ONE, str(recent)) for recent in range(max(0, number - 4), number + 1))
    assert not any(repeats.has(ONE, str(old)) for old in range(90))


def _id_of(value: str) -> str:
    hit = parse_hit(b'{"n":"pageview","u":"https://shop.test/","id":%s}' % value.encode(), "text/plain")
    assert isinstance(hit, Hit)
    return hit.event_id


def test_an_id_is_a_number_or_a_short_text() -> None:
    assert _id_of("0.8446549365428442") == "0.8446549365428442"
    assert _id_of('"abc"') == "abc"
    assert [_id_of(value) for value in ("null", "true", "[1]", '"' + "x" * 65 + '"')] == ["", "", "", ""]


def test_an_id_is_forgotten_after_a_day_whenever_the_next_one_comes() -> None:
    minute, day = 60 * 1_000_000, 24 * 60
    repeats = Repeats()
    repeats.remember(ONE, "first", 1)

    for at in range(1, day + 3):  # Each of two generations goes at the first look after its time.
        repeats.sweep(at * minute)
        if at == day - 60:
            repeats.remember(ONE, "next", at * minute)

    assert not repeats.has(ONE, "first")
    assert repeats.has(ONE, "next")
