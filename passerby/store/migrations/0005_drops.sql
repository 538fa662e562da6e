-- Hits that were not counted, as sums per hour: by reason, and programs by who runs them and why.
CREATE TABLE IF NOT EXISTS drops {on_cluster}
(
    site_id  UInt64,
    hour     DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    reason   LowCardinality(String),
    kind     LowCardinality(String),
    family   LowCardinality(String),
    operator LowCardinality(String),
    purpose  LowCardinality(String),
    hits     UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:SummingMergeTree(hits)}
PARTITION BY toYYYYMM(hour)
ORDER BY (site_id, hour, reason, kind, family, operator, purpose)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
