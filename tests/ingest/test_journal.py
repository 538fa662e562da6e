import os
import threading
import time
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from passerby.ingest import flusher as flusher_module
from passerby.ingest.flusher import Flusher, flush_segment
from passerby.ingest.journal import (
    SegmentWriter,
    draft_segment,
    frame,
    list_drafts,
    list_segments,
    publish_segment,
    read_segment,
    remove_segment,
)
from passerby.store.errors import StoreFault, StoreUnavailable
from tests.support.ingest import FakeStore


def rows(*numbers: int) -> list[bytes]:
    lines = []
    for number in numbers:
        lines += [b'{"arrival":%d}' % number, b'{"site_id":1,"visit_id":%d,"version":%d}' % (number % 3, number)]
    return lines


def segment(folder: Path, *numbers: int) -> Path:
    writer = SegmentWriter(folder, first_arrival=numbers[0])
    writer.append(rows(*numbers))
    writer.close()
    return writer.path


def no_space(*_: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def test_what_was_written_is_read_back_and_a_visit_counts_in_its_last_state(tmp_path: Path) -> None:
    found = read_segment(segment(tmp_path, 1, 2, 3, 4))

    assert found.events == [b'{"arrival":%d}' % number for number in (1, 2, 3, 4)]
    assert sorted(found.visits) == sorted(
        b'{"site_id":1,"visit_id":%d,"version":%d}' % pair for pair in ((1, 4), (2, 2), (0, 3))
    )


def test_an_event_that_changed_no_visit_has_none(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, first_arrival=1)
    writer.append([b'{"arrival":1}', b""])

    assert read_segment(writer.path).visits == []
    writer.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(cut=st.integers(0, 400), junk=st.binary(max_size=40))
def test_a_torn_end_loses_only_what_was_never_acknowledged(tmp_path: Path, cut: int, junk: bytes) -> None:
    first, second = frame(rows(1, 2)), frame(rows(3, 4))
    path = tmp_path / "torn.journal"
    torn = second[: min(cut, len(second) - 1)] + junk
    assume(not torn.startswith(second))  # Junk that happens to be what was torn off.
    path.write_bytes(first + torn)

    found = read_segment(path)

    assert [event for event in found.events if event in rows(1, 2)] == rows(1, 2)[0::2]
    assert found.events[:2] == rows(1, 2)[0::2]
    assert len(found.events) == 2


def test_a_bit_that_flipped_ends_the_segment(tmp_path: Path) -> None:
    path = tmp_path / "bad.journal"
    data = bytearray(frame(rows(1)) + frame(rows(2)))
    data[len(frame(rows(1))) + 20] ^= 1
    path.write_bytes(data)

    assert len(read_segment(path).events) == 1


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = SegmentWriter(tmp_path, first_arrival=1)
    writer.append(rows(1))
    monkeypatch.setattr(os, "fdatasync", no_space)

    with pytest.raises(OSError, match="No space"):
        writer.append(rows(2))

    assert read_segment(writer.path).events == rows(1)[0::2]
    assert writer.path.stat().st_size == len(frame(rows(1)))
    writer.abandon()


def test_a_segment_without_a_durable_frame_disappears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = SegmentWriter(tmp_path, first_arrival=1)
    monkeypatch.setattr(os, "fdatasync", no_space)
    monkeypatch.setattr(os, "ftruncate", no_space)

    with pytest.raises(OSError, match="No space"):
        writer.append(rows(1))

    assert list_segments(tmp_path) == []


def test_a_segment_whose_name_is_not_durable_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passerby.ingest.journal.sync_folder", no_space)

    with pytest.raises(OSError, match="No space"):
        SegmentWriter(tmp_path, first_arrival=1)

    assert list_segments(tmp_path) == []


def test_a_short_write_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    writer = SegmentWriter(tmp_path, first_arrival=1)
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))

    writer.append(rows(1))

    assert len(read_segment(writer.path).events) == 1
    writer.close()


def test_a_draft_is_not_replayed_until_it_is_published(tmp_path: Path) -> None:
    draft = draft_segment(tmp_path, first_arrival=1, lines=rows(1))
    assert (list_segments(tmp_path), list_drafts(tmp_path)) == ([], [draft])

    path = publish_segment(draft)

    assert (list_segments(tmp_path), list_drafts(tmp_path)) == ([path], [])
    assert len(read_segment(path).events) == 1


def test_a_draft_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", no_space)

    with pytest.raises(OSError, match="No space"):
        draft_segment(tmp_path, first_arrival=1, lines=rows(1))

    assert list(tmp_path.iterdir()) == []


def test_a_segment_that_cannot_be_removed_is_no_error(tmp_path: Path) -> None:
    remove_segment(tmp_path / "gone.journal")
    folder = tmp_path / "folder.journal"
    folder.mkdir()
    remove_segment(folder)
    assert folder.exists()


def test_segments_are_flushed_once_however_often_they_are_tried(tmp_path: Path) -> None:
    store, found = FakeStore(), read_segment(segment(tmp_path, 1, 2))

    flush_segment(store, found)
    flush_segment(store, found)

    assert [event["arrival"] for event in store.events] == [1, 2]
    assert set(store.tokens.values()) == {2}


def test_a_long_segment_is_inserted_in_parts_of_their_own_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flusher_module, "INSERT_ROWS_MAX", 2)
    store = FakeStore()

    flush_segment(store, read_segment(segment(tmp_path, 1, 2, 3)))

    assert len(store.events) == 3
    assert len(store.tokens) == 4


def test_a_store_that_is_away_gets_everything_once_it_is_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = FakeStore()
    store.away = True
    flusher = Flusher(store)
    flusher.start()
    for number in (1, 2):
        path = segment(tmp_path, number)
        flusher.add(path, path.stat().st_size)
    wait_until(lambda: flusher.failing)
    assert (flusher.segments, flusher.bytes > 0) == (2, True)

    store.away = False
    done = threading.Event()
    flusher.settle(done)

    assert done.wait(10)
    assert [event["arrival"] for event in store.events] == [1, 2]
    assert (flusher.segments, flusher.bytes, flusher.failing) == (0, 0, False)
    assert list_segments(tmp_path) == []
    assert flusher.stop(5)
    assert "they wait in the journal" in caplog.text
    assert "again" in caplog.text


def test_a_stop_leaves_on_disk_what_the_store_does_not_take(tmp_path: Path) -> None:
    store = FakeStore()
    store.away = True
    flusher = Flusher(store)
    flusher.start()
    path = segment(tmp_path, 1)
    flusher.add(path, 1)

    assert flusher.stop(0.3)
    assert list_segments(tmp_path) == [path]


def test_a_segment_the_store_refuses_does_not_hold_up_the_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing(FakeStore):
        def insert_raw(self, table: str, data: bytes, *, format: str, token: str) -> None:  # noqa: A002 - The store's word.
            if b'"arrival":1}' in data:
                raise StoreFault(27)
            super().insert_raw(table, data, format=format, token=token)

    store = Refusing()
    flusher = Flusher(store)
    bad, good = segment(tmp_path, 1), segment(tmp_path, 2)
    for path in (bad, good):
        flusher.add(path, 1)
    flusher.start()

    assert flusher.stop(5)
    assert [event["arrival"] for event in store.events] == [2]
    assert (tmp_path / "refused" / bad.name).exists()
    assert flusher.refused_count == 1
    assert "refused segment" in caplog.text


def test_a_refused_segment_that_cannot_be_moved_stays(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeStore):
        def insert_raw(self, table: str, data: bytes, *, format: str, token: str) -> None:  # noqa: A002, ARG002 - As above.
            raise StoreFault(27)

    (tmp_path / "refused").write_text("not a folder")
    flusher = Flusher(Broken())
    path = segment(tmp_path, 1)
    flusher.add(path, 1)
    flusher.start()

    assert flusher.stop(5)
    assert path.exists()
    assert "stays where it is" in caplog.text


def test_a_segment_that_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    flusher = Flusher(FakeStore())
    flusher.start()
    path = tmp_path / "late.journal"
    flusher.add(path, 1)
    wait_until(lambda: flusher.failing)

    path.write_bytes(frame(rows(1)))

    assert flusher.stop(5)
    assert not path.exists()


def test_store_unavailable_is_what_the_flusher_waits_for() -> None:
    store = FakeStore()
    store.away = True
    with pytest.raises(StoreUnavailable):
        store.insert_raw("events", b"", format="JSONEachRow", token="t")


def wait_until(condition: object, seconds: float = 10.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It never happened."
        time.sleep(0.01)
