"""Numbered SQL files, applied once and in order, on the embedded engine, on a server and ON CLUSTER alike.

A file holds statements separated by a semicolon at the end of a line. Placeholders: `{on_cluster}`, and
`{engine:Kind}`, which is replicated on a cluster.
"""

import re
from importlib import resources

from clickhouse_connect.driver.client import Client

FOLDER = resources.files("passerby.store") / "migrations"
APPLIED = """
CREATE TABLE IF NOT EXISTS migrations {on_cluster} (name String, applied_at DateTime('UTC'))
ENGINE = {engine:MergeTree} ORDER BY name
"""
_ENGINE = re.compile(r"\{engine:(\w+)(?:\(([^)]*)\))?\}")


def migrate(client: Client, *, cluster: str, now: int) -> list[str]:
    """Apply what is missing, oldest first. Returns the names of the files applied now.

    A file is recorded after its last statement; statements are written to be repeatable (IF NOT EXISTS),
    so a crash in the middle is healed by running again.
    """
    client.command(render(APPLIED, cluster=cluster))
    done = {row[0] for row in client.query("SELECT name FROM migrations").result_rows}
    applied: list[str] = []
    for name, text in migrations():
        if name in done:
            continue
        for statement in statements(render(text, cluster=cluster)):
            client.command(statement)
        client.insert("migrations", [[name, now]], column_names=["name", "applied_at"])
        applied.append(name)
    return applied


def migrations() -> list[tuple[str, str]]:
    """Every migration's name and text, in order."""
    files = sorted((f for f in FOLDER.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(f.name.removesuffix(".sql"), f.read_text(encoding="utf-8")) for f in files]


def render(text: str, *, cluster: str) -> str:
    """Fill the placeholders in."""
    text = text.replace("{on_cluster}", f"ON CLUSTER `{cluster}`" if cluster else "")
    return _ENGINE.sub(lambda found: _engine(found[1], found[2] or "", cluster=cluster), text)


def _engine(kind: str, arguments: str, *, cluster: str) -> str:
    if not cluster:
        return f"{kind}({arguments})"
    replica = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
    return f"Replicated{kind}({', '.join(filter(None, (replica, arguments)))})"


def statements(text: str) -> list[str]:
    """The statements of a file, without comments."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in re.split(r";\s*(?:\n|$)", code) if part.strip()]
