-- The asked period and the one before, each from one pass over either table.
SELECT visitors, visits, pageviews, views_per_visit, bounce_rate, visit_duration
FROM
(
    SELECT 1 AS period, uniqExact(visitor_id) AS visitors, uniqExact(visit_id) AS visits, countIf(name = 'pageview') AS pageviews
    FROM events
    WHERE site_id = {site:UInt64} AND timestamp BETWEEN {from:DateTime} AND {to:DateTime}
    UNION ALL
    SELECT 2, uniqExact(visitor_id), uniqExact(visit_id), countIf(name = 'pageview')
    FROM events
    WHERE site_id = {site:UInt64} AND timestamp BETWEEN {before_from:DateTime} AND {before_to:DateTime}
) AS of_events
JOIN
(
    SELECT
        1 AS period,
        round(avg(pageviews), 2) AS views_per_visit,
        round(100 * avg(is_bounce)) AS bounce_rate,
        round(avg(duration)) AS visit_duration
    FROM visits FINAL
    WHERE site_id = {site:UInt64} AND start >= {from:DateTime} - INTERVAL 7 DAY AND start <= {to:DateTime}
      AND timestamp >= {from:DateTime}
    UNION ALL
    SELECT 2, round(avg(pageviews), 2), round(100 * avg(is_bounce)), round(avg(duration))
    FROM visits FINAL
    WHERE site_id = {site:UInt64} AND start >= {before_from:DateTime} - INTERVAL 7 DAY AND start <= {before_to:DateTime}
      AND timestamp >= {before_from:DateTime}
) AS of_visits USING period
ORDER BY period
