-- rows: {'ss0': ['/a'], 'n1': 1, 'n2': 1767222000, 'n3': 1769900399, 'n4': 1766617200, 'ss5': ['Chrome']}
WITH p_bounces AS bounces, p_bounce_visits AS bounce_visits, p_duration AS duration, p_timed_visits AS timed_visits
SELECT if(bounce_visits > 0, round(100 * bounces / bounce_visits), 0) AS m0, if(timed_visits > 0, round(duration / timed_visits), 0) AS m1
FROM (
SELECT toInt64(countIf(is_bounce AND entry_page IN {ss0:Array(String)})) AS p_bounces, toInt64(countIf(entry_page IN {ss0:Array(String)})) AS p_bounce_visits, toInt64(sum(duration)) AS p_duration, toInt64(count()) AS p_timed_visits, 1 AS is_leading FROM visits FINAL WHERE site_id = {n1:UInt64} AND start >= toDateTime({n4:UInt64}, 'UTC') AND start <= toDateTime({n3:UInt64}, 'UTC') AND timestamp >= toDateTime({n2:UInt64}, 'UTC') AND browser IN {ss5:Array(String)} AND visit_id IN (SELECT visit_id FROM events WHERE site_id = {n1:UInt64} AND timestamp >= toDateTime({n2:UInt64}, 'UTC') AND timestamp <= toDateTime({n3:UInt64}, 'UTC') AND pathname IN {ss0:Array(String)})
)
LIMIT 10000 OFFSET 0
