from passerby.ingest.directory import SiteId
from passerby.ingest.hit import PAGEVIEW
from passerby.ingest.visitor import VisitorId
from passerby.ingest.visits import LiveVisit, Moment, Visits, advance, open_visit

NOON = 1_790_000_000


def key(visitor: int = 7, site: int = 1) -> tuple[SiteId, VisitorId]:
    return SiteId(site), VisitorId(visitor)


def moment(name: str = PAGEVIEW, *, at: int = 0, path: str = "/", hostname: str = "example.com") -> Moment:
    return Moment(name, NOON + at, at + 1, hostname, path, True, {"plan": "pro"})


def visit(*, visitor: int = 7, at: int = 0, site: int = 1) -> LiveVisit:
    return open_visit(key(visitor, site), moment(at=at), visit_id=visitor, attributes=b"}")


def test_a_visit_opened_by_a_pageview_has_an_entry_and_an_exit() -> None:
    state = open_visit(key(), moment(path="/in"), visit_id=1, attributes=b"}").state

    assert (state.hostname, state.entry_page) == ("example.com", "/in")
    assert (state.exit_page_hostname, state.exit_page) == ("example.com", "/in")
    assert state.entry_props == {"plan": "pro"}


def test_a_first_pageview_fills_an_entry_left_empty() -> None:
    opened = open_visit(key(), moment("Signup"), visit_id=1, attributes=b"}")
    assert (opened.state.entry_page, opened.state.hostname, opened.state.is_bounce) == ("", "", False)

    state = advance(opened, moment(path="/a", hostname="a.example.com")).state

    assert (state.entry_page, state.hostname) == ("/a", "a.example.com")


def test_a_custom_event_never_moves_the_exit() -> None:
    state = advance(visit(), moment("Signup", path="/elsewhere", hostname="other.com")).state

    assert (state.exit_page, state.exit_page_hostname) == ("/", "example.com")


def test_a_visit_is_alive_for_thirty_whole_minutes() -> None:
    visits = Visits()
    visits.put(key(), visit())

    assert visits.alive(key(), NOON + 30 * 60 + 59) is not None
    assert visits.alive(key(), NOON + 31 * 60) is None
    assert visits.get(key()) is not None


def test_the_longest_silent_visit_makes_room() -> None:
    visits = Visits(visits_max=2)
    for visitor in (1, 2):
        visits.put(key(visitor), visit(visitor=visitor))
    visits.put(key(1), visit(visitor=1))

    visits.put(key(3), visit(visitor=3))

    assert [visits.get(key(n)) is None for n in (1, 2, 3)] == [False, True, False]
    assert (len(visits), visits.evicted_count) == (2, 1)


def test_a_put_can_be_taken_back() -> None:
    visits = Visits()
    assert visits.put(key(), first := visit()) is None
    before = visits.put(key(), visit(at=60))

    visits.restore(key(), before)
    assert visits.get(key()) is first
    visits.restore(key(), None)
    assert visits.get(key()) is None


def test_a_visit_goes_on_under_a_new_name() -> None:
    visits = Visits()
    visits.put(key(1), first := visit(visitor=1))

    visits.rename(key(1), key(2))
    visits.rename(key(9), key(3))

    assert [visits.get(key(n)) for n in (1, 2, 3)] == [None, first, None]


def test_a_sweep_forgets_what_can_no_longer_continue() -> None:
    visits = Visits()
    visits.load([visit(visitor=1), visit(visitor=2, at=1800)])

    assert visits.sweep(NOON + 31 * 60) == 1
    assert visits.get(key(1)) is None
    assert visits.sweep(NOON + 86_400) == 1
    assert len(visits) == 0


def test_a_site_can_be_forgotten() -> None:
    visits = Visits()
    visits.load([visit(visitor=1), visit(visitor=2, site=2)])

    visits.forget_site(SiteId(1))

    assert [visits.get(key(1)), visits.get(key(2, 2)) is not None] == [None, True]
