-- rows: {'s0': 'Europe/Berlin', 'n1': 1767222000, 'n2': 1769900399, 'n3': 1, 'n4': 1766617200}
SELECT d0 AS dim0, visitors AS m0, if(bounce_visits > 0, round(100 * bounces / bounce_visits), 0) AS m1
FROM (
SELECT d0, sum(p_visitors) AS visitors, sum(p_bounces) AS bounces, sum(p_bounce_visits) AS bounce_visits FROM (
SELECT intDiv((toInt64(toUnixTimestamp(slot)) + timeZoneOffset(toTimeZone(slot, {s0:String}))), 3600) * 3600 AS d0, toInt64(uniqExact(visitor_id)) AS p_visitors, toInt64(0) AS p_bounces, toInt64(0) AS p_bounce_visits, 1 AS is_leading FROM (SELECT *, toDateTime(arrayJoin(range(intDiv(toUnixTimestamp(greatest(start, toDateTime({n1:UInt64}, 'UTC'))), 900), intDiv(toUnixTimestamp(least(greatest(start, timestamp), toDateTime({n2:UInt64}, 'UTC'))), 900) + 1)) * 900, 'UTC') AS slot FROM visits FINAL WHERE site_id = {n3:UInt64} AND start >= toDateTime({n4:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC')) GROUP BY intDiv((toInt64(toUnixTimestamp(slot)) + timeZoneOffset(toTimeZone(slot, {s0:String}))), 3600) * 3600
UNION ALL
SELECT intDiv((toInt64(toUnixTimestamp(timestamp)) + timeZoneOffset(toTimeZone(timestamp, {s0:String}))), 3600) * 3600 AS d0, toInt64(0) AS p_visitors, toInt64(countIf(is_bounce)) AS p_bounces, toInt64(count()) AS p_bounce_visits, 1 AS is_leading FROM visits FINAL WHERE site_id = {n3:UInt64} AND start >= toDateTime({n4:UInt64}, 'UTC') AND start <= toDateTime({n2:UInt64}, 'UTC') AND timestamp >= toDateTime({n1:UInt64}, 'UTC') AND timestamp <= toDateTime({n2:UInt64}, 'UTC') GROUP BY intDiv((toInt64(toUnixTimestamp(timestamp)) + timeZoneOffset(toTimeZone(timestamp, {s0:String}))), 3600) * 3600
)
GROUP BY d0 HAVING max(is_leading) = 1
)
ORDER BY dim0 ASC, m0 DESC
LIMIT 10000 OFFSET 0
