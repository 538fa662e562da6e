/** The query language as the dashboard speaks it. */

import type { ApiFilter } from '../state/filters.ts'

export type Metric =
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

export type Direction = 'asc' | 'desc'

export interface StatsQuery {
  date_range: string | readonly [string, string]
  relative_date?: string
  metrics: readonly Metric[]
  dimensions: readonly string[]
  filters: readonly ApiFilter[]
  order_by?: readonly (readonly [string, Direction])[]
  include: {
    imports: boolean
    imports_meta?: boolean
    time_labels?: boolean
    total_rows?: boolean
    compare?: string | readonly [string, string]
    compare_match_day_of_week?: boolean
  }
  pagination?: { limit: number; offset: number }
}

export interface Money {
  short: string
  long: string
  value: number
  currency: string
}

export type Value = number | Money | null
export type DimensionValue = string | number

export interface Row {
  dimensions: readonly DimensionValue[]
  metrics: readonly Value[]
  comparison?: {
    dimensions: readonly DimensionValue[]
    metrics: readonly Value[]
    change: readonly (number | null)[]
  }
}

export interface StatsAnswer {
  results: readonly Row[]
  meta: {
    time_labels?: readonly string[]
    comparison_date_range?: readonly [string, string]
    comparison_time_labels?: readonly string[]
    total_rows?: number
    imports_included?: boolean
    imports_skip_reason?: string
    imports_warning?: string
    metric_warnings?: Readonly<Record<string, { code: string; warning?: string; message?: string }>>
  }
  query: { date_range: readonly [string, string] }
}
