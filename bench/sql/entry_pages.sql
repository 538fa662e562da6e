SELECT entry_page AS name, uniqExact(visitor_id) AS visitors
FROM visits FINAL
WHERE site_id = {site:UInt64} AND start >= {from:DateTime} - INTERVAL 7 DAY AND start <= {to:DateTime}
  AND timestamp >= {from:DateTime}
GROUP BY name
ORDER BY visitors DESC, name
LIMIT 9
