import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from passerby.report.imports import archive
from passerby.report.imports.archive import Archive
from passerby.report.imports.errors import ImportRefused

NAME = "imported_visitors_20260101_20260131.csv"


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w", method) as into:
        for name, content in files.items():
            into.writestr(name, content)
    blob.seek(0)
    return blob


def read(blob: io.BytesIO) -> dict[str, str]:
    opened = Archive(blob)
    return {member.table: "".join(opened.lines(member)) for member in opened.members}


def test_files_are_known_by_their_names() -> None:
    blob = packed(
        {
            f"export/{NAME}": b"date\r\n",
            "pages_20260101_20260131.csv": b"date,page\n",
            "imported_custom_props_20260101_20260131.csv": b"date",
            "imported_pages_20260199_20260131.csv": b"date",
            "notes.txt": b"hello",
        }
    )

    assert read(blob) == {"visitors": "date\r\n", "pages": "date,page\n"}


def test_of_several_files_for_a_table_the_last_counts() -> None:
    blob = packed({NAME: b"first", "visitors_20260201_20260228.csv": b"second"})

    assert read(blob) == {"visitors": "second"}
    assert [member.first.month for member in Archive(blob).members] == [2]


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert read(packed({NAME: "\ufeffdate".encode()})) == {"visitors": "date"}


@pytest.mark.parametrize(
    "content",
    [b"", b"date,visitors", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(40)],
    ids=["nothing", "a csv", "an empty archive", "a stump"],
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(ImportRefused):
        Archive(io.BytesIO(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_ways_of_packing_are_refused(method: int) -> None:
    with pytest.raises(ImportRefused, match="only plain and deflated files"):
        Archive(packed({NAME: b"date"}, method))


def test_a_file_that_says_it_is_too_large_is_refused_unread() -> None:
    blob = packed({NAME: b"date"})
    raw = bytearray(blob.getvalue())
    directory = raw.index(b"PK\x01\x02")
    struct.pack_into("<L", raw, directory + 24, archive.FILE_BYTES_MAX + 1)

    with pytest.raises(ImportRefused, match=r"is too large \(max size is 1 gigabyte\)"):
        Archive(io.BytesIO(bytes(raw)))


def test_a_bomb_is_left_alone_as_soon_as_it_swells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RATIO_FREE_BYTES", 10_000)

    with pytest.raises(ImportRefused, match="unpacks to more than it may"):
        read(packed({NAME: b"date\n" * 100_000}))


def test_a_line_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(ImportRefused, match="a line is longer than 100000 characters"):
        read(packed({NAME: b"x" * 200_000}))


def test_a_directory_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blob = packed({f"{n}.csv": b"" for n in range(200)} | {NAME: b"date"})
    monkeypatch.setattr(archive, "READ_BYTES_MAX", 5_000)

    with pytest.raises(ImportRefused, match="not a ZIP archive that can be read"):
        Archive(blob)


def test_damage_is_told_from_the_outside() -> None:
    raw = bytearray(packed({NAME: b"date,visitors\n2026-01-01,1\n"}).getvalue())
    raw[60:66] = b"\xff" * 6

    with pytest.raises(ImportRefused, match=f"^{NAME}: the archive is damaged"):
        read(io.BytesIO(bytes(raw)))


def test_text_must_be_utf_8() -> None:
    with pytest.raises(ImportRefused, match="not in UTF-8"):
        read(packed({NAME: b"date\n\xff\xfe"}))
