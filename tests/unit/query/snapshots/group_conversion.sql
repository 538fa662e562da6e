-- rows: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 's3': 'plan', 's4': 'pro', 's5': 'Signup', 'n6': 1766617200}
SELECT d0 AS dim0, visitors AS m0, if(group_visitors > 0, round(100 * visitors / group_visitors, 2), 0) AS m1
FROM (
SELECT d0, sum(p_visitors) AS visitors, sum(p_group_visitors) AS group_visitors FROM (
SELECT CAST(replaceRegexpOne(referrer_source, '^$', 'Direct / None') AS String) AS d0, toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, toInt64(0) AS p_group_visitors, 1 AS is_leading FROM events WHERE site_id = {n0:UInt64} AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') AND name = {s5:String} AND mapContains(props, {s3:String}) AND props[{s3:String}] = {s4:String} GROUP BY replaceRegexpOne(referrer_source, '^$', 'Direct / None')
UNION ALL
SELECT CAST(replaceRegexpOne(referrer_source, '^$', 'Direct / None') AS String) AS d0, toInt64(0) AS p_visitors, toInt64(uniqExact(visitor_id)) AS p_group_visitors, 0 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n6:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') GROUP BY replaceRegexpOne(referrer_source, '^$', 'Direct / None')
)
GROUP BY d0 HAVING max(is_leading) = 1
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
