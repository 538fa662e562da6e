-- rows: {'s0': 'Direct / None', 'n1': 1, 'n2': 1767222000, 'n3': 1769900399, 'n4': 1766617200, 'ss5': ['a.example']}
WITH p_visitors AS visitors
SELECT if(d0 = '', {s0:String}, d0) AS dim0, visitors AS m0
FROM (
SELECT CAST(referrer_source AS String) AS d0, toInt64(uniqExact(visitor_id)) AS p_visitors, 1 AS is_leading FROM visits FINAL WHERE site_id = {n1:UInt64} AND start >= toDateTime({n4:UInt64}, 'UTC') AND start <= toDateTime({n3:UInt64}, 'UTC') AND timestamp >= toDateTime({n2:UInt64}, 'UTC') AND hostname IN {ss5:Array(String)} AND visit_id IN (SELECT visit_id FROM events WHERE site_id = {n1:UInt64} AND timestamp >= toDateTime({n2:UInt64}, 'UTC') AND timestamp <= toDateTime({n3:UInt64}, 'UTC') AND hostname IN {ss5:Array(String)}) GROUP BY referrer_source
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
