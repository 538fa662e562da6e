-- rows: {'s0': 'plan', 'n1': 1, 'n2': 1767222000, 'n3': 1769900399, 'ss4': ['free']}
WITH p_visitors AS visitors, p_events AS events
SELECT d0 AS dim0, visitors AS m0, events AS m1
FROM (
SELECT if(mapContains(props, {s0:String}), props[{s0:String}], '(none)') AS d0, toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, toInt64(countIf(NOT name = 'engagement')) AS p_events, 1 AS is_leading FROM events WHERE site_id = {n1:UInt64} AND timestamp >= toDateTime({n2:UInt64}, 'UTC') AND timestamp <= toDateTime({n3:UInt64}, 'UTC') AND NOT ((mapContains(props, {s0:String}) AND props[{s0:String}] IN {ss4:Array(String)} OR NOT mapContains(props, {s0:String}))) GROUP BY if(mapContains(props, {s0:String}), props[{s0:String}], '(none)')
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
