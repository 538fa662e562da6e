-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'ss3': ['/blog'], 'n4': 1766617200}
SELECT d0 AS dim0, visitors AS m0, pageviews AS m1, if(bounce_visits > 0, round(100 * bounces / bounce_visits), 0) AS m2, if(engaged_visits > 0, round(engaged_ms / 1000 / engaged_visits), NULL) AS m3, if(scroll_visits > 0, round(scroll_depth / scroll_visits), NULL) AS m4
FROM (
SELECT d0, sum(p_visitors) AS visitors, sum(p_pageviews) AS pageviews, sum(p_bounces) AS bounces, sum(p_bounce_visits) AS bounce_visits, sum(p_engaged_ms) AS engaged_ms, sum(p_engaged_visits) AS engaged_visits, sum(p_scroll_depth) AS scroll_depth, sum(p_scroll_visits) AS scroll_visits FROM (
SELECT CAST(pathname AS String) AS d0, toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, toInt64(countIf(name = 'pageview')) AS p_pageviews, toInt64(0) AS p_bounces, toInt64(0) AS p_bounce_visits, toInt64(sum(engagement_time_ms)) AS p_engaged_ms, toInt64(uniqExactIf(visit_id, name = 'engagement' AND visit_id > 0)) AS p_engaged_visits, toInt64(0) AS p_scroll_depth, toInt64(0) AS p_scroll_visits, 1 AS is_leading FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') AND multiSearchAny(pathname, {ss3:Array(String)}) GROUP BY pathname
UNION ALL
SELECT d0 AS d0, toInt64(0) AS p_visitors, toInt64(0) AS p_pageviews, toInt64(0) AS p_bounces, toInt64(0) AS p_bounce_visits, toInt64(0) AS p_engaged_ms, toInt64(0) AS p_engaged_visits, toInt64(sum(depth)) AS p_scroll_depth, toInt64(count()) AS p_scroll_visits, 0 AS is_leading FROM (SELECT CAST(pathname AS String) AS d0, max(scroll_depth) AS depth FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') AND multiSearchAny(pathname, {ss3:Array(String)}) AND name = 'engagement' AND scroll_depth <= 100 AND visit_id > 0 GROUP BY pathname, visit_id) GROUP BY d0
UNION ALL
SELECT CAST(entry_page AS String) AS d0, toInt64(0) AS p_visitors, toInt64(0) AS p_pageviews, toInt64(countIf(is_bounce)) AS p_bounces, toInt64(count()) AS p_bounce_visits, toInt64(0) AS p_engaged_ms, toInt64(0) AS p_engaged_visits, toInt64(0) AS p_scroll_depth, toInt64(0) AS p_scroll_visits, 0 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n4:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND multiSearchAny(entry_page, {ss3:Array(String)}) GROUP BY entry_page
)
GROUP BY d0 HAVING max(is_leading) = 1
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
