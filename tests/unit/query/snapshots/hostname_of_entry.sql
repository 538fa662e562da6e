-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'n3': 1766617200, 'ss4': ['a.example']}
WITH p_visitors AS visitors
SELECT d0 AS dim0, visitors AS m0
FROM (
SELECT CAST(replaceRegexpOne(referrer_source, '^$', 'Direct / None') AS String) AS d0, toInt64(uniqExact(visitor_id)) AS p_visitors, 1 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND hostname IN {ss4:Array(String)} AND visit_id IN (SELECT visit_id FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') AND hostname IN {ss4:Array(String)}) GROUP BY replaceRegexpOne(referrer_source, '^$', 'Direct / None')
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
