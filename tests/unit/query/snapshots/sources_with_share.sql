-- total_visitors: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'n3': 1766617200}
SELECT sum(p_visitors) FROM (
SELECT toInt64(uniqExact(visitor_id)) AS p_visitors, 1 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC')
)

-- rows: {'n0': 100, 'n1': 1, 'n2': 1767222000, 'n3': 1769900399, 'n4': 1766617200}
WITH {n0:UInt64} AS total_visitors, p_visitors AS visitors
SELECT d0 AS dim0, visitors AS m0, if(total_visitors > 0, round(100 * visitors / total_visitors, 2), NULL) AS m1
FROM (
SELECT CAST(replaceRegexpOne(referrer_source, '^$', 'Direct / None') AS String) AS d0, toInt64(uniqExact(visitor_id)) AS p_visitors, 1 AS is_leading FROM visits FINAL WHERE site_id = {n1:UInt64} AND start >= toDateTime({n4:UInt64}, 'UTC') AND start <= toDateTime({n3:UInt64}, 'UTC') AND timestamp >= toDateTime({n2:UInt64}, 'UTC') GROUP BY replaceRegexpOne(referrer_source, '^$', 'Direct / None')
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
