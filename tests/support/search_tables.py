"""`python -m tests.support.search_tables DATA TEXT…` names each column of the store that holds one of the texts."""

import sys
from pathlib import Path

from passerby.settings import read_settings
from passerby.store.store import Store

COLUMNS = """
    SELECT database, table, name FROM system.columns
    WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')
"""


def main(data: Path, texts: list[str]) -> None:
    """Look into every column of every table."""
    store = Store.open(read_settings({"PASSERBY_DATA": str(data)}))
    try:
        columns = store.query(COLUMNS).rows
        assert columns, "There must be something to search."
        for database, table, column in columns:
            for text in texts:
                where = f"WHERE position(toString(`{column}`), {{text:String}}) > 0"
                sql = f"SELECT count() FROM `{database}`.`{table}` {where}"
                if store.query(sql, {"text": text}).rows[0][0]:
                    sys.stdout.write(f"{database}.{table}.{column}: {text}\n")
    finally:
        store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
