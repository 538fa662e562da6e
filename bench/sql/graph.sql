SELECT toDate(timestamp) AS day, uniqExact(visitor_id) AS visitors
FROM visits FINAL
WHERE site_id = {site:UInt64} AND start >= {from:DateTime} - INTERVAL 7 DAY AND start <= {to:DateTime}
  AND timestamp >= {from:DateTime} AND timestamp <= {to:DateTime}
GROUP BY day
ORDER BY day
