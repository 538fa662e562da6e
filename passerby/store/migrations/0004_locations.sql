-- Names of places by code, for breakdowns and filters by name. Reference data, the same for every site.
CREATE TABLE IF NOT EXISTS locations {on_cluster}
(
    kind LowCardinality(String),
    id   String,
    name String
)
ENGINE = {engine:ReplacingMergeTree}
ORDER BY (kind, id)
SETTINGS fsync_after_insert = 1;
