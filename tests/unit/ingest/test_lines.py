import msgspec

from passerby.ingest.lines import Attributes, EventOwn, encode_attributes, encode_event, encode_visit, live_visit_of
from passerby.ingest.visits import LiveVisit, VisitState
from passerby.store.rows import EventRow, VisitRow

ATTRIBUTES = Attributes(referrer_source="Google", city_geoname_id=5, channel="Organic Search")
EVENT = EventOwn(
    site_id=1,
    timestamp=2,
    arrival=3,
    name='quo"te',
    hostname="example.com",
    pathname="/ä",
    visitor_id=2**64 - 1,
    visit_id=5,
    props={"a": "b"},
    scroll_depth=0,
    revenue_source_amount=1.5,
)
STATE = VisitState(
    site_id=1,
    visit_id=5,
    visitor_id=6,
    version=3,
    start=1,
    timestamp=2,
    duration=1,
    is_bounce=False,
    pageviews=2,
    events=3,
    entry_page="/in",
)


def test_the_parts_together_are_the_rows() -> None:
    attributes = Attributes.__struct_fields__

    assert set(EventRow.__struct_fields__) == {*EventOwn.__struct_fields__, *attributes}
    assert set(VisitRow.__struct_fields__) == {*VisitState.__struct_fields__, *attributes}


def test_an_event_line_is_the_row() -> None:
    row = msgspec.json.decode(encode_event(EVENT, encode_attributes(ATTRIBUTES)), type=EventRow)

    assert row == EventRow(**msgspec.structs.asdict(EVENT), **msgspec.structs.asdict(ATTRIBUTES))


def test_a_visit_line_is_the_row_and_can_be_taken_back() -> None:
    visit = LiveVisit(STATE, encode_attributes(ATTRIBUTES), 9)

    row = msgspec.json.decode(encode_visit(visit), type=VisitRow)

    assert row == VisitRow(**msgspec.structs.asdict(STATE), **msgspec.structs.asdict(ATTRIBUTES))
    assert live_visit_of(row, last_activity=9) == visit


def test_a_line_without_attributes_is_still_an_object() -> None:
    row = msgspec.json.decode(encode_event(EVENT, encode_attributes(Attributes())), type=EventRow)

    assert (row.referrer, row.pathname) == ("", "/ä")
