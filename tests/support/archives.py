"""Archives of aggregates, as Plausible exports them: `archive(visitors=["date,visitors", "2025-01-02,3"])`."""

import io
import zipfile

BOUNDARY = "passerby-test"


def archive(first: str = "20250101", last: str = "20250131", **tables: list[str]) -> bytes:
    """A ZIP with one file per table, its lines as given."""
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w", zipfile.ZIP_DEFLATED) as into:
        for table, lines in tables.items():
            into.writestr(f"imported_{table}_{first}_{last}.csv", "\r\n".join(lines))
    return blob.getvalue()


def form(content: bytes, *, name: str = "file", label: str = "") -> tuple[bytes, dict[str, str]]:
    """A multipart body with one file, and its headers."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="label"\r\n\r\n{label}\r\n'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="export.zip"\r\n'.encode(),
        b"Content-Type: application/zip\r\n\r\n",
        content,
        f"\r\n--{BOUNDARY}--\r\n".encode(),
    ]
    return b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
