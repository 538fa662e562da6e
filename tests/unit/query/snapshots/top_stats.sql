-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'n3': 1766617200}
SELECT visitors AS m0, visits AS m1, pageviews AS m2, if(timed_visits > 0, round(visit_pageviews / timed_visits, 2), 0) AS m3, if(bounce_visits > 0, round(100 * bounces / bounce_visits), 0) AS m4, if(timed_visits > 0, round(duration / timed_visits), 0) AS m5
FROM (
SELECT sum(p_visitors) AS visitors, sum(p_visits) AS visits, sum(p_pageviews) AS pageviews, sum(p_visit_pageviews) AS visit_pageviews, sum(p_timed_visits) AS timed_visits, sum(p_bounces) AS bounces, sum(p_bounce_visits) AS bounce_visits, sum(p_duration) AS duration FROM (
SELECT toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, toInt64(uniqExact(visit_id) - max(visit_id = 0)) AS p_visits, toInt64(countIf(name = 'pageview')) AS p_pageviews, toInt64(0) AS p_visit_pageviews, toInt64(0) AS p_timed_visits, toInt64(0) AS p_bounces, toInt64(0) AS p_bounce_visits, toInt64(0) AS p_duration, 1 AS is_leading FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC')
UNION ALL
SELECT toInt64(0) AS p_visitors, toInt64(0) AS p_visits, toInt64(0) AS p_pageviews, toInt64(sum(pageviews)) AS p_visit_pageviews, toInt64(count()) AS p_timed_visits, toInt64(countIf(is_bounce)) AS p_bounces, toInt64(count()) AS p_bounce_visits, toInt64(sum(duration)) AS p_duration, 0 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC')
)
)
LIMIT 10000 OFFSET 0
