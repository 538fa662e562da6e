-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'n3': 1766617200}
WITH p_visitors AS visitors
SELECT d0 AS dim0, d1 AS dim1, visitors AS m0
FROM (
SELECT CAST(visit_entry_page AS String) AS d0, CAST(name AS String) AS d1, toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, 1 AS is_leading FROM events INNER JOIN (SELECT visit_id, entry_page AS visit_entry_page FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC')) AS entered USING (visit_id) WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') GROUP BY visit_entry_page, name
)
ORDER BY m0 DESC, dim0 ASC, dim1 ASC
LIMIT 10000 OFFSET 0
