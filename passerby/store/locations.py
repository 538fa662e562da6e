"""The names of places, copied from the packaged lists into a table, so that the engine itself can look them up.

Loaded at the first start, and again when the lists change with a release: a second, a quarter of a million rows.
"""

import hashlib
from collections.abc import Iterator
from itertools import chain, islice

import msgspec
from clickhouse_connect.driver.client import Client

from passerby import places
from passerby.data import FOLDER

TABLES = ("countries.tsv", "regions.tsv", "cities.tsv.gz")
ROWS_A_BLOCK = 100_000


def edition() -> str:
    """Names the packaged lists by their content."""
    mark = hashlib.blake2b(digest_size=8)
    for name in TABLES:
        mark.update((FOLDER / name).read_bytes())
    return f"locations:{mark.hexdigest()}"


def load_locations(client: Client, *, now: int) -> bool:
    """Bring the table to the packaged edition. Returns whether there was anything to do.

    The edition is noted last: a crash in the middle loads again.
    """
    current = edition()
    known = client.query("SELECT 1 FROM migrations WHERE name = {name:String}", parameters={"name": current})
    if known.result_rows:
        return False
    client.command("TRUNCATE TABLE locations")
    encoder, rows = msgspec.json.Encoder(), _rows()
    while block := list(islice(rows, ROWS_A_BLOCK)):
        client.raw_insert("locations", insert_block=encoder.encode_lines(block), fmt="JSONEachRow")
    client.insert("migrations", [[current, now]], column_names=["name", "applied_at"])
    return True


def _rows() -> Iterator[dict[str, str]]:
    return chain(
        ({"kind": "country", "id": one.code, "name": one.name} for one in places.countries()),
        ({"kind": "region", "id": one.code, "name": one.name} for one in places.regions()),
        ({"kind": "city", "id": str(one.geoname_id), "name": one.name} for one in places.cities()),
    )
