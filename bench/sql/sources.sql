-- Every version of a visit has the same value here, so duplicates change nothing and FINAL is not needed.
SELECT if(referrer_source = '', 'Direct / None', referrer_source) AS name, uniqExact(visitor_id) AS visitors
FROM visits
WHERE site_id = {site:UInt64} AND start >= {from:DateTime} - INTERVAL 7 DAY AND start <= {to:DateTime}
  AND timestamp >= {from:DateTime}
GROUP BY name
ORDER BY visitors DESC, name
LIMIT 9
