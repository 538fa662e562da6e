from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from passerby.ingest.directory import SiteId
from passerby.ingest.hit import ENGAGEMENT, PAGEVIEW
from passerby.ingest.visitor import VisitorId
from passerby.ingest.visits import LiveVisit, Moment, Visits, advance, open_visit

NOON = 1_790_000_000
KEY = (SiteId(1), VisitorId(7))

seconds = st.integers(0, 3 * 3600)
names = st.sampled_from([PAGEVIEW, "Signup", "ping", ENGAGEMENT])


def moment(name: str, at: int, arrival: int) -> Moment:
    return Moment(name, at, arrival, "example.com", f"/{arrival}", name != "ping", {})


def split(moments: list[Moment]) -> list[list[Moment]]:
    """The moments of each visit, as the memory of visits decides; engagement of nobody is left out."""
    memory, visits = Visits(), []
    for each in moments:
        before = memory.alive(KEY, each.timestamp)
        if before is None:
            if each.name == ENGAGEMENT:
                continue
            visits.append([each])
            memory.put(KEY, open_visit(KEY, each, visit_id=len(visits), attributes=b"}"))
        else:
            visits[-1].append(each)
            memory.put(KEY, advance(before, each))
    return visits


def last_state(moments: list[Moment]) -> LiveVisit:
    visit = open_visit(KEY, moments[0], visit_id=1, attributes=b"}")
    for each in moments[1:]:
        visit = advance(visit, each)
    return visit


@given(gaps=st.lists(seconds, max_size=40))
def test_a_visit_ends_only_after_more_than_thirty_idle_minutes(gaps: list[int]) -> None:
    times = [NOON + gap for gap in accumulate(gaps, initial=0)]

    visits = split([moment(PAGEVIEW, at, number) for number, at in enumerate(times)])

    assert [each.timestamp for visit in visits for each in visit] == times  # None lost, moved or doubled.
    assert len(visits) == 1 + sum(gap // 60 > 30 for gap in gaps)


@given(back=st.integers(0, 10 * 86_400))
def test_an_event_from_earlier_always_continues_the_visit(back: int) -> None:
    visits = split([moment(PAGEVIEW, NOON, 1), moment(PAGEVIEW, NOON - back, 2)])

    assert len(visits) == 1


@given(gaps=st.lists(st.integers(0, 1859), min_size=1, max_size=20))
def test_engagement_keeps_a_visit_alive_and_changes_nothing_stored(gaps: list[int]) -> None:
    times = [NOON + gap for gap in accumulate(gaps, initial=0)]
    moments = [moment(PAGEVIEW, NOON, 0)] + [moment(ENGAGEMENT, at, n) for n, at in enumerate(times[1:], start=1)]

    (visit,) = split(moments)

    state = last_state(visit)
    assert state.last_activity == times[-1]
    assert (state.state.events, state.state.pageviews, state.state.duration) == (1, 1, 0)
    assert state.state.version == 0


@given(kinds=st.lists(names.filter(lambda name: name != ENGAGEMENT), min_size=1, max_size=12), gaps=st.data())
def test_the_state_of_a_visit_is_the_sum_of_its_events(kinds: list[str], gaps: st.DataObject) -> None:
    times = [NOON + gaps.draw(st.integers(0, 1800)) for _ in kinds]
    moments = [moment(name, at, number) for number, (name, at) in enumerate(zip(kinds, times, strict=True))]
    pages = [each for each in moments if each.name == PAGEVIEW]

    state = last_state(moments).state

    assert (state.events, state.pageviews) == (len(moments), len(pages))
    assert (state.start, state.timestamp) == (times[0], times[-1])
    assert state.duration == abs(times[-1] - times[0])
    assert (state.entry_page, state.exit_page) == ((pages[0].pathname, pages[-1].pathname) if pages else ("", ""))
    assert state.is_bounce == (len(pages) < 2 and not any(each.name == "Signup" for each in moments))
    assert state.version == moments[-1].arrival
