-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'n3': 1766617200, 'ss4': ['Mac'], 's5': '^/a', 'ss6': ['/b']}
WITH p_visitors AS visitors
SELECT visitors AS m0
FROM (
SELECT toInt64(uniqExact(visitor_id)) AS p_visitors, 1 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND visit_id IN (SELECT visit_id FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') AND (operating_system IN {ss4:Array(String)} AND NOT (match(pathname, {s5:String})) OR visit_id IN (SELECT visit_id FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND exit_page IN {ss6:Array(String)})))
)
LIMIT 10000 OFFSET 0
