-- unconverted_visitors: {'n0': 1, 'n1': 1767222000, 'n2': 1769900399, 'n3': 1766617200}
SELECT sum(p_visitors) FROM (
SELECT toInt64(uniqExact(visitor_id)) AS p_visitors, 1 AS is_leading FROM visits FINAL WHERE site_id = {n0:UInt64} AND start >= toDateTime({n3:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC')
)

-- rows: {'ss0': ['Scroll /a'], 'n1': 100, 's2': 'plan', 's3': 'pro', 's4': 'Signup', 's5': '^(?:/blog/.*)$', 's6': '/a', 'n7': 50, 's8': 'Visit blog', 's9': 'Scroll /a', 'n10': 1, 'n11': 1767222000, 'n12': 1769900399}
WITH {n1:UInt64} AS unconverted_visitors, p_visitors AS visitors, p_events AS events
SELECT d0 AS dim0, visitors AS m0, if(has({ss0:Array(String)}, d0), NULL, events) AS m1, if(unconverted_visitors > 0, round(100 * visitors / unconverted_visitors, 2), 0) AS m2
FROM (
SELECT arrayJoin(arrayFilter(g -> g != '', [if(name = {s4:String} AND mapContains(props, {s2:String}) AND props[{s2:String}] = {s3:String}, {s4:String}, ''), if(name = 'pageview' AND match(pathname, {s5:String}), {s8:String}, ''), if(name = 'engagement' AND scroll_depth BETWEEN {n7:UInt64} AND 100 AND pathname = {s6:String}, {s9:String}, '')])) AS d0, toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, toInt64(countIf(NOT name = 'engagement')) AS p_events, 1 AS is_leading FROM events WHERE site_id = {n10:UInt64} AND timestamp >= toDateTime({n11:UInt64}, 'UTC') AND timestamp <= toDateTime({n12:UInt64}, 'UTC') AND ((name = {s4:String} AND mapContains(props, {s2:String}) AND props[{s2:String}] = {s3:String}) OR (name = 'pageview' AND match(pathname, {s5:String})) OR (name = 'engagement' AND scroll_depth BETWEEN {n7:UInt64} AND 100 AND pathname = {s6:String})) GROUP BY arrayJoin(arrayFilter(g -> g != '', [if(name = {s4:String} AND mapContains(props, {s2:String}) AND props[{s2:String}] = {s3:String}, {s4:String}, ''), if(name = 'pageview' AND match(pathname, {s5:String}), {s8:String}, ''), if(name = 'engagement' AND scroll_depth BETWEEN {n7:UInt64} AND 100 AND pathname = {s6:String}, {s9:String}, '')]))
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
