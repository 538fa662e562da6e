-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'n3': 1766617200, 'ns4': [7], 's5': '2026-01-01', 's6': '2026-01-31'}
SELECT d0 AS dim0, visitors AS m0, if(bounce_visits > 0, round(100 * bounces / bounce_visits), 0) AS m1, count() OVER () AS total_rows
FROM (
SELECT d0, sum(p_visitors) AS visitors, sum(p_bounces) AS bounces, sum(p_bounce_visits) AS bounce_visits FROM (
SELECT CAST(replaceRegexpOne(referrer_source, '^$', 'Direct / None') AS String) AS d0, toInt64(uniqExact(visitor_id)) AS p_visitors, toInt64(countIf(is_bounce)) AS p_bounces, toInt64(count()) AS p_bounce_visits, 1 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') GROUP BY replaceRegexpOne(referrer_source, '^$', 'Direct / None')
UNION ALL
SELECT CAST(replaceRegexpOne(source, '^$', 'Direct / None') AS String) AS d0, toInt64(sum(visitors)) AS p_visitors, toInt64(sum(bounces)) AS p_bounces, toInt64(sum(visits)) AS p_bounce_visits, 1 AS is_leading FROM imported_sources WHERE site_id = {n0:UInt64} AND import_id IN {ns4:Array(UInt64)} AND date >= toDate({s5:String}) AND date <= toDate({s6:String}) AND visitors > 0 GROUP BY replaceRegexpOne(source, '^$', 'Direct / None')
)
GROUP BY d0 HAVING max(is_leading) = 1
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 9 OFFSET 18
