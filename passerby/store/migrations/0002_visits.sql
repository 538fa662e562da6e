-- One row per state of a visit; the row with the highest version wins. Nothing in the sorting key or the partition
-- ever changes within a visit, so all its states meet in the same merge.
CREATE TABLE IF NOT EXISTS visits {on_cluster}
(
    site_id                  UInt64 CODEC(Delta(8), ZSTD(1)),
    visit_id                 UInt64 CODEC(Delta(8), ZSTD(1)),
    visitor_id               UInt64,
    version                  UInt64 CODEC(T64, ZSTD(1)),
    start                    DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    timestamp                DateTime('UTC') CODEC(T64, ZSTD(1)),
    duration                 UInt32 CODEC(T64, ZSTD(1)),
    is_bounce                Bool,
    pageviews                UInt32 CODEC(T64, ZSTD(1)),
    events                   UInt32 CODEC(T64, ZSTD(1)),
    hostname                 LowCardinality(String),
    entry_page               LowCardinality(String),
    exit_page                LowCardinality(String),
    exit_page_hostname       LowCardinality(String),
    entry_props              Map(LowCardinality(String), String) CODEC(ZSTD(3)),
    referrer                 LowCardinality(String),
    referrer_source          LowCardinality(String),
    channel                  LowCardinality(String),
    click_id_param           LowCardinality(String),
    utm_medium               LowCardinality(String),
    utm_source               LowCardinality(String),
    utm_campaign             LowCardinality(String),
    utm_content              LowCardinality(String),
    utm_term                 LowCardinality(String),
    country_code             LowCardinality(String),
    subdivision1_code        LowCardinality(String),
    subdivision2_code        LowCardinality(String),
    city_geoname_id          UInt32,
    screen_size              LowCardinality(String),
    browser                  LowCardinality(String),
    browser_version          LowCardinality(String),
    operating_system         LowCardinality(String),
    operating_system_version LowCardinality(String)
)
ENGINE = {engine:ReplacingMergeTree(version)}
PARTITION BY toYYYYMM(start)
ORDER BY (site_id, toDate(start), visit_id)
SETTINGS
    default_compression_codec = 'ZSTD(1)',
    fsync_after_insert = 1,
    non_replicated_deduplication_window = 1000,
    min_columns_to_activate_adaptive_write_buffer = 1,
    vertical_merge_algorithm_min_rows_to_activate = 1,
    min_age_to_force_merge_seconds = 14400;
