-- rows: {'ss0': ['Scroll /a'], 's1': 'plan', 's2': 'pro', 's3': 'Signup', 's4': '^(?:/blog/.*)$', 's5': '/a', 'n6': 50, 's7': 'Visit blog', 's8': 'Scroll /a', 'n9': 1, 'n10': 1767222000, 'n11': 1769900399, 'ns12': [7], 's13': '2026-01-01', 's14': '2026-01-31'}
SELECT d0 AS dim0, visitors AS m0, if(has({ss0:Array(String)}, d0), NULL, events) AS m1
FROM (
SELECT d0, sum(p_visitors) AS visitors, sum(p_events) AS events FROM (
SELECT arrayJoin(arrayFilter(g -> g != '', [if(name = {s3:String} AND mapContains(props, {s1:String}) AND props[{s1:String}] = {s2:String}, {s3:String}, ''), if(name = 'pageview' AND match(pathname, {s4:String}), {s7:String}, ''), if(name = 'engagement' AND scroll_depth BETWEEN {n6:UInt64} AND 100 AND pathname = {s5:String}, {s8:String}, '')])) AS d0, toInt64(uniqExact(visitor_id) - max(visitor_id = 0)) AS p_visitors, toInt64(countIf(NOT name = 'engagement')) AS p_events, 1 AS is_leading FROM events WHERE site_id = {n9:UInt64} AND timestamp >= toDateTime({n10:UInt64}, 'UTC') AND timestamp <= toDateTime({n11:UInt64}, 'UTC') AND ((name = {s3:String} AND mapContains(props, {s1:String}) AND props[{s1:String}] = {s2:String}) OR (name = 'pageview' AND match(pathname, {s4:String})) OR (name = 'engagement' AND scroll_depth BETWEEN {n6:UInt64} AND 100 AND pathname = {s5:String})) GROUP BY arrayJoin(arrayFilter(g -> g != '', [if(name = {s3:String} AND mapContains(props, {s1:String}) AND props[{s1:String}] = {s2:String}, {s3:String}, ''), if(name = 'pageview' AND match(pathname, {s4:String}), {s7:String}, ''), if(name = 'engagement' AND scroll_depth BETWEEN {n6:UInt64} AND 100 AND pathname = {s5:String}, {s8:String}, '')]))
UNION ALL
SELECT arrayJoin(arrayFilter(g -> g != '', [if(match(page, {s4:String}), {s7:String}, '')])) AS d0, toInt64(sum(visitors)) AS p_visitors, toInt64(sum(pageviews)) AS p_events, 1 AS is_leading FROM imported_pages WHERE site_id = {n9:UInt64} AND import_id IN {ns12:Array(UInt64)} AND date >= toDate({s13:String}) AND date <= toDate({s14:String}) AND visitors > 0 AND ((match(page, {s4:String}))) GROUP BY arrayJoin(arrayFilter(g -> g != '', [if(match(page, {s4:String}), {s7:String}, '')]))
)
GROUP BY d0 HAVING max(is_leading) = 1
)
ORDER BY m0 DESC, dim0 ASC
LIMIT 10000 OFFSET 0
