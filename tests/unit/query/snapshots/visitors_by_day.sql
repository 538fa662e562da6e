-- rows: {'s0': 'Europe/Berlin', 'n1': 1, 'n2': 1767222000, 'n3': 1769900399, 'n4': 1766617200}
WITH p_visitors AS visitors
SELECT d0 AS dim0, visitors AS m0
FROM (
SELECT toDate(timestamp, {s0:String}) AS d0, toInt64(uniqExact(visitor_id)) AS p_visitors, 1 AS is_leading FROM visits FINAL WHERE site_id = {n1:UInt64} AND start >= toDateTime({n4:UInt64}, 'UTC') AND start <= toDateTime({n3:UInt64}, 'UTC') AND timestamp >= toDateTime({n2:UInt64}, 'UTC') AND timestamp <= toDateTime({n3:UInt64}, 'UTC') GROUP BY toDate(timestamp, {s0:String})
)
ORDER BY dim0 ASC, m0 DESC
LIMIT 10000 OFFSET 0
