-- Aggregates of other tools and of exports: sums per day and one set of dimensions, in the site's time zone.
-- A row belongs to one import, so that an import can be forgotten as a whole.
CREATE TABLE IF NOT EXISTS imported_visitors {on_cluster}
(
    site_id        UInt64,
    import_id      UInt64,
    date           Date,
    visitors       UInt64 CODEC(T64, ZSTD(1)),
    pageviews      UInt64 CODEC(T64, ZSTD(1)),
    bounces        UInt64 CODEC(T64, ZSTD(1)),
    visits         UInt64 CODEC(T64, ZSTD(1)),
    visit_duration UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_sources {on_cluster}
(
    site_id        UInt64,
    import_id      UInt64,
    date           Date,
    source         LowCardinality(String),
    channel        LowCardinality(String),
    referrer       String CODEC(ZSTD(3)),
    utm_source     LowCardinality(String),
    utm_medium     LowCardinality(String),
    utm_campaign   LowCardinality(String),
    utm_content    LowCardinality(String),
    utm_term       LowCardinality(String),
    pageviews      UInt64 CODEC(T64, ZSTD(1)),
    visitors       UInt64 CODEC(T64, ZSTD(1)),
    visits         UInt64 CODEC(T64, ZSTD(1)),
    visit_duration UInt64 CODEC(T64, ZSTD(1)),
    bounces        UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, source, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_pages {on_cluster}
(
    site_id                   UInt64,
    import_id                 UInt64,
    date                      Date,
    hostname                  LowCardinality(String),
    page                      String CODEC(ZSTD(3)),
    visits                    UInt64 CODEC(T64, ZSTD(1)),
    visitors                  UInt64 CODEC(T64, ZSTD(1)),
    pageviews                 UInt64 CODEC(T64, ZSTD(1)),
    total_scroll_depth        UInt64 CODEC(T64, ZSTD(1)),
    total_scroll_depth_visits UInt64 CODEC(T64, ZSTD(1)),
    total_time_on_page        UInt64 CODEC(T64, ZSTD(1)),
    total_time_on_page_visits UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, hostname, page)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_entry_pages {on_cluster}
(
    site_id        UInt64,
    import_id      UInt64,
    date           Date,
    entry_page     String CODEC(ZSTD(3)),
    visitors       UInt64 CODEC(T64, ZSTD(1)),
    entrances      UInt64 CODEC(T64, ZSTD(1)),
    visit_duration UInt64 CODEC(T64, ZSTD(1)),
    bounces        UInt64 CODEC(T64, ZSTD(1)),
    pageviews      UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, entry_page)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_exit_pages {on_cluster}
(
    site_id        UInt64,
    import_id      UInt64,
    date           Date,
    exit_page      String CODEC(ZSTD(3)),
    visitors       UInt64 CODEC(T64, ZSTD(1)),
    visit_duration UInt64 CODEC(T64, ZSTD(1)),
    exits          UInt64 CODEC(T64, ZSTD(1)),
    bounces        UInt64 CODEC(T64, ZSTD(1)),
    pageviews      UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, exit_page)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_custom_events {on_cluster}
(
    site_id   UInt64,
    import_id UInt64,
    date      Date,
    name      LowCardinality(String),
    link_url  String CODEC(ZSTD(3)),
    path      String CODEC(ZSTD(3)),
    visitors  UInt64 CODEC(T64, ZSTD(1)),
    events    UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, name, link_url, path)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_locations {on_cluster}
(
    site_id        UInt64,
    import_id      UInt64,
    date           Date,
    country        LowCardinality(String),
    region         LowCardinality(String),
    city           UInt32,
    visitors       UInt64 CODEC(T64, ZSTD(1)),
    visits         UInt64 CODEC(T64, ZSTD(1)),
    visit_duration UInt64 CODEC(T64, ZSTD(1)),
    bounces        UInt64 CODEC(T64, ZSTD(1)),
    pageviews      UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, country, region, city)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_devices {on_cluster}
(
    site_id        UInt64,
    import_id      UInt64,
    date           Date,
    device         LowCardinality(String),
    visitors       UInt64 CODEC(T64, ZSTD(1)),
    visits         UInt64 CODEC(T64, ZSTD(1)),
    visit_duration UInt64 CODEC(T64, ZSTD(1)),
    bounces        UInt64 CODEC(T64, ZSTD(1)),
    pageviews      UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, device)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_browsers {on_cluster}
(
    site_id         UInt64,
    import_id       UInt64,
    date            Date,
    browser         LowCardinality(String),
    browser_version LowCardinality(String),
    visitors        UInt64 CODEC(T64, ZSTD(1)),
    visits          UInt64 CODEC(T64, ZSTD(1)),
    visit_duration  UInt64 CODEC(T64, ZSTD(1)),
    bounces         UInt64 CODEC(T64, ZSTD(1)),
    pageviews       UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, browser, browser_version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_operating_systems {on_cluster}
(
    site_id                  UInt64,
    import_id                UInt64,
    date                     Date,
    operating_system         LowCardinality(String),
    operating_system_version LowCardinality(String),
    visitors                 UInt64 CODEC(T64, ZSTD(1)),
    visits                   UInt64 CODEC(T64, ZSTD(1)),
    visit_duration           UInt64 CODEC(T64, ZSTD(1)),
    bounces                  UInt64 CODEC(T64, ZSTD(1)),
    pageviews                UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, operating_system, operating_system_version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE IF NOT EXISTS imported_custom_props {on_cluster}
(
    site_id   UInt64,
    import_id UInt64,
    date      Date,
    property  LowCardinality(String),
    value     String CODEC(ZSTD(3)),
    visitors  UInt64 CODEC(T64, ZSTD(1)),
    events    UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = {engine:MergeTree}
ORDER BY (site_id, import_id, date, property, value)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
