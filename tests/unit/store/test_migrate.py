import re

import pytest

from passerby.store.migrate import migrations, render, statements

TEXT = """
-- Why; and how.
CREATE TABLE a {on_cluster} (x UInt8) ENGINE = {engine:ReplacingMergeTree(version)} ORDER BY x;
CREATE TABLE b {on_cluster} (x UInt8) ENGINE = {engine:MergeTree} ORDER BY x;
"""


def test_one_machine_needs_no_cluster() -> None:
    first, second = statements(render(TEXT, cluster=""))

    assert first == "CREATE TABLE a  (x UInt8) ENGINE = ReplacingMergeTree(version) ORDER BY x"
    assert second == "CREATE TABLE b  (x UInt8) ENGINE = MergeTree() ORDER BY x"


def test_a_cluster_replicates_every_table() -> None:
    first, second = statements(render(TEXT, cluster="main"))

    path = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
    assert f"ON CLUSTER `main` (x UInt8) ENGINE = ReplicatedReplacingMergeTree({path}, version)" in first
    assert f"ENGINE = ReplicatedMergeTree({path})" in second


@pytest.mark.parametrize("name", [name for name, _ in migrations()])
def test_migrations_are_numbered_in_a_row_and_repeatable(name: str) -> None:
    names = [known for known, _ in migrations()]
    text = dict(migrations())[name]

    assert int(name[:4]) == names.index(name) + 1
    assert re.fullmatch(r"\d{4}_[a-z_]+", name)
    for statement in statements(text):
        assert "IF NOT EXISTS" in statement or "IF EXISTS" in statement
        assert "{on_cluster}" in statement


def test_no_statement_reads_the_engines_clock() -> None:
    assert not [name for name, text in migrations() if re.search(r"\b(now|today|yesterday)\w*\(", text)]
