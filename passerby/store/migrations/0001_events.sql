-- One row per stored event, with copies of its visit's attributes so that filters need no join.
-- Sorted by visit within a day: the events of a visit repeat its attributes, and visits follow each other in the order
-- they began, so that ids, arrivals and times differ little from row to row. That is what makes a row small.
-- The plain timestamp must stay out of the key: conditions on it would be matched with that column, at the end of the
-- key, instead of with the day, and every granule of the site would be read (tests/store/test_pruning.py).
CREATE TABLE IF NOT EXISTS events {on_cluster}
(
    site_id                    UInt64 CODEC(Delta(8), ZSTD(1)),
    timestamp                  DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    arrival                    UInt64 CODEC(Delta(8), ZSTD(1)),
    name                       LowCardinality(String) DEFAULT 'pageview',
    hostname                   LowCardinality(String),
    pathname                   LowCardinality(String),
    visitor_id                 UInt64,
    visit_id                   UInt64 CODEC(Delta(8), ZSTD(1)),
    interactive                Bool DEFAULT true,
    props                      Map(LowCardinality(String), String) CODEC(ZSTD(3)),
    scroll_depth               UInt8 DEFAULT 255,
    engagement_time_ms         UInt32 CODEC(T64, ZSTD(1)),
    revenue_source_amount      Nullable(Decimal(18, 3)),
    revenue_source_currency    LowCardinality(String),
    revenue_reporting_amount   Nullable(Decimal(18, 3)),
    revenue_reporting_currency LowCardinality(String),
    referrer                   LowCardinality(String),
    referrer_source            LowCardinality(String),
    channel                    LowCardinality(String),
    click_id_param             LowCardinality(String),
    utm_medium                 LowCardinality(String),
    utm_source                 LowCardinality(String),
    utm_campaign               LowCardinality(String),
    utm_content                LowCardinality(String),
    utm_term                   LowCardinality(String),
    country_code               LowCardinality(String),
    subdivision1_code          LowCardinality(String),
    subdivision2_code          LowCardinality(String),
    city_geoname_id            UInt32,
    screen_size                LowCardinality(String),
    browser                    LowCardinality(String),
    browser_version            LowCardinality(String),
    operating_system           LowCardinality(String),
    operating_system_version   LowCardinality(String)
)
ENGINE = {engine:MergeTree}
PARTITION BY toYYYYMM(timestamp)
ORDER BY (site_id, toDate(timestamp), visit_id, arrival)
SETTINGS
    default_compression_codec = 'ZSTD(1)',
    fsync_after_insert = 1,
    non_replicated_deduplication_window = 1000,
    min_columns_to_activate_adaptive_write_buffer = 1,
    vertical_merge_algorithm_min_rows_to_activate = 1,
    min_age_to_force_merge_seconds = 14400;
