SELECT pathname AS name, uniqExact(visitor_id) AS visitors
FROM events
WHERE site_id = {site:UInt64} AND timestamp BETWEEN {from:DateTime} AND {to:DateTime}
GROUP BY name
ORDER BY visitors DESC, name
LIMIT 9
