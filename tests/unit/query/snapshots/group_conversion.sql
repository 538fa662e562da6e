-- rows: {'s0': 'Direct / None', 'n1': 1, 'n2': 1767222000, 'n3': 1769900399, 's4': 'plan', 's5': 'pro', 's6': 'Signup', 'n7': 1766617200}
SELECT if(d0 = '', {s0:String}, d0) AS dim0, visitors AS m0, if(group_visitors > 0, round(100 * visitors / group_visitors, 2), 0) AS m1
FROM (
SELECT d0, sum(p_visitors) AS visitors, sum(p_group_visitors) AS group_visitors FROM (
SELECT CAST(referrer_source AS String) AS d0, toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, toInt64(0) AS p_group_visitors, 1 AS is_leading FROM events WHERE site_id = {n1:UInt64} AND timestamp >= toDateTime({n2:UInt64}, 'UTC') AND timestamp <= toDateTime({n3:UInt64}, 'UTC') AND name = {s6:String} AND mapContains(props, {s4:String}) AND props[{s4:String}] = {s5:String} GROUP BY referrer_source
UNION ALL
SELECT CAST(referrer_source AS String) AS d0, toInt64(0) AS p_visitors, toInt64(uniqExact(visitor_id)) AS p_group_visitors, 0 AS is_leading FROM visits FINAL WHERE site_id = {n1:UInt64} AND start >= toDateTime({n7:UInt64}, 'UTC') AND start <= toDateTime({n3:UInt64}, 'UTC') AND timestamp >= toDateTime({n2:UInt64}, 'UTC') GROUP BY referrer_source
)
GROUP BY d0 HAVING max(is_leading) = 1
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
