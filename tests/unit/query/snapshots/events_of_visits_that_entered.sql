-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'ss3': ['Signup'], 'ss4': ['/'], 'n5': 1766617200}
WITH p_pageviews AS pageviews
SELECT pageviews AS m0
FROM (
SELECT toInt64(countIf(name = 'pageview')) AS p_pageviews, 1 AS is_leading FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') AND NOT (visit_id IN (SELECT visit_id FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') AND name IN {ss3:Array(String)})) AND visit_id IN (SELECT visit_id FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n5:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND entry_page IN {ss4:Array(String)})
)
LIMIT 10000 OFFSET 0
