/* Made by scripts/make-schema.mjs from the query language; never edited.
 * schema 87ea5d9dcf0ca3a69cc675249b8bc229cb63bb43f51406933bae1a4807b9600f
 */

export type Filter =
  | [
      'is' | 'is_not' | 'contains' | 'contains_not',
      (
        | (
            | 'event:name'
            | 'event:page'
            | 'event:hostname'
            | 'visit:source'
            | 'visit:channel'
            | 'visit:referrer'
            | 'visit:utm_medium'
            | 'visit:utm_source'
            | 'visit:utm_campaign'
            | 'visit:utm_content'
            | 'visit:utm_term'
            | 'visit:device'
            | 'visit:browser'
            | 'visit:browser_version'
            | 'visit:os'
            | 'visit:os_version'
            | 'visit:country'
            | 'visit:region'
            | 'visit:city'
            | 'visit:country_name'
            | 'visit:region_name'
            | 'visit:city_name'
            | 'visit:entry_page'
            | 'visit:exit_page'
            | 'visit:entry_page_hostname'
            | 'visit:exit_page_hostname'
            | 'visit:screen'
          )
        | string
      ),
      (string | number)[]
    ]
  | [
      'is' | 'is_not' | 'contains' | 'contains_not',
      (
        | (
            | 'event:name'
            | 'event:page'
            | 'event:hostname'
            | 'visit:source'
            | 'visit:channel'
            | 'visit:referrer'
            | 'visit:utm_medium'
            | 'visit:utm_source'
            | 'visit:utm_campaign'
            | 'visit:utm_content'
            | 'visit:utm_term'
            | 'visit:device'
            | 'visit:browser'
            | 'visit:browser_version'
            | 'visit:os'
            | 'visit:os_version'
            | 'visit:country'
            | 'visit:region'
            | 'visit:city'
            | 'visit:country_name'
            | 'visit:region_name'
            | 'visit:city_name'
            | 'visit:entry_page'
            | 'visit:exit_page'
            | 'visit:entry_page_hostname'
            | 'visit:exit_page_hostname'
            | 'visit:screen'
          )
        | string
      ),
      (string | number)[],
      Modifier
    ]
  | [
      'matches' | 'matches_not' | 'matches_wildcard' | 'matches_wildcard_not',
      (
        | (
            | 'event:name'
            | 'event:page'
            | 'event:hostname'
            | 'visit:source'
            | 'visit:channel'
            | 'visit:referrer'
            | 'visit:utm_medium'
            | 'visit:utm_source'
            | 'visit:utm_campaign'
            | 'visit:utm_content'
            | 'visit:utm_term'
            | 'visit:device'
            | 'visit:browser'
            | 'visit:browser_version'
            | 'visit:os'
            | 'visit:os_version'
            | 'visit:country'
            | 'visit:region'
            | 'visit:city'
            | 'visit:country_name'
            | 'visit:region_name'
            | 'visit:city_name'
            | 'visit:entry_page'
            | 'visit:exit_page'
            | 'visit:entry_page_hostname'
            | 'visit:exit_page_hostname'
            | 'visit:screen'
          )
        | string
      ),
      (string | number)[]
    ]
  | ['is' | 'contains', 'event:goal', (string | number)[]]
  | ['is' | 'contains', 'event:goal', (string | number)[], Modifier]
  | ['is', 'segment', (string | number)[]]
  | ['is', 'segment', (string | number)[], Modifier]
  | ['and' | 'or', [Filter, ...Filter[]]]
  | ['not' | 'has_done' | 'has_not_done', Filter]

export interface Question {
  date_range:
    ('24h' | 'all' | 'day' | 'month' | 'realtime' | 'realtime_30m' | 'year') | string | [string, string]
  /**
   * @maxItems 10
   */
  dimensions?: (
    | 'event:name'
    | 'event:page'
    | 'event:hostname'
    | 'visit:source'
    | 'visit:channel'
    | 'visit:referrer'
    | 'visit:utm_medium'
    | 'visit:utm_source'
    | 'visit:utm_campaign'
    | 'visit:utm_content'
    | 'visit:utm_term'
    | 'visit:device'
    | 'visit:browser'
    | 'visit:browser_version'
    | 'visit:os'
    | 'visit:os_version'
    | 'visit:country'
    | 'visit:region'
    | 'visit:city'
    | 'visit:country_name'
    | 'visit:region_name'
    | 'visit:city_name'
    | 'visit:entry_page'
    | 'visit:exit_page'
    | 'visit:entry_page_hostname'
    | 'visit:exit_page_hostname'
    | 'visit:screen'
    | ('event:goal' | 'time' | 'time:minute' | 'time:hour' | 'time:day' | 'time:week' | 'time:month')
    | string
  )[]
  filters?: Filter[]
  include?: {
    compare?: ('previous_period' | 'year_over_year') | [string, string] | null
    compare_match_day_of_week?: boolean
    dashboard_metric_labels?: boolean
    drop_unavailable_revenue_metrics?: boolean
    drop_unavailable_time_on_page?: boolean
    empty_metrics?: boolean
    imports?: boolean
    imports_meta?: boolean
    partial_time_labels?: boolean
    present_index?: boolean
    time_label_result_indices?: boolean
    time_labels?: boolean
    total_rows?: boolean
    trim_relative_date_range?: boolean
  }
  /**
   * @maxItems 20
   */
  metrics: (
    | 'visitors'
    | 'visits'
    | 'pageviews'
    | 'views_per_visit'
    | 'bounce_rate'
    | 'visit_duration'
    | 'events'
    | 'percentage'
    | 'conversion_rate'
    | 'group_conversion_rate'
    | 'time_on_page'
    | 'scroll_depth'
    | 'total_revenue'
    | 'average_revenue'
    | 'exit_rate'
    | 'total_visitors'
    | 'group_visitors'
    | 'visit_pageviews'
    | 'visit_events'
    | 'sample_percent'
  )[]
  /**
   * @maxItems 30
   */
  order_by?: [
    (
      | (
          | 'visitors'
          | 'visits'
          | 'pageviews'
          | 'views_per_visit'
          | 'bounce_rate'
          | 'visit_duration'
          | 'events'
          | 'percentage'
          | 'conversion_rate'
          | 'group_conversion_rate'
          | 'time_on_page'
          | 'scroll_depth'
          | 'total_revenue'
          | 'average_revenue'
          | 'exit_rate'
          | 'total_visitors'
          | 'group_visitors'
          | 'visit_pageviews'
          | 'visit_events'
          | 'sample_percent'
        )
      | (
          | 'event:name'
          | 'event:page'
          | 'event:hostname'
          | 'visit:source'
          | 'visit:channel'
          | 'visit:referrer'
          | 'visit:utm_medium'
          | 'visit:utm_source'
          | 'visit:utm_campaign'
          | 'visit:utm_content'
          | 'visit:utm_term'
          | 'visit:device'
          | 'visit:browser'
          | 'visit:browser_version'
          | 'visit:os'
          | 'visit:os_version'
          | 'visit:country'
          | 'visit:region'
          | 'visit:city'
          | 'visit:country_name'
          | 'visit:region_name'
          | 'visit:city_name'
          | 'visit:entry_page'
          | 'visit:exit_page'
          | 'visit:entry_page_hostname'
          | 'visit:exit_page_hostname'
          | 'visit:screen'
          | ('event:goal' | 'time' | 'time:minute' | 'time:hour' | 'time:day' | 'time:week' | 'time:month')
          | string
        )
    ),
    'asc' | 'desc'
  ][]
  pagination?: {
    limit?: number
    offset?: number
  }
  relative_date?: string | null
  /**
   * The site's domain.
   */
  site_id?: string
}
export interface Modifier {
  case_sensitive: boolean
}
