/** Questions as the dashboard asks them, by the generated types, and answers as it reads them. */

import type { Filter, Question } from './schema.d.ts'

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T
type Said = Frozen<Omit<Question, 'filters'>>

/** A question with nothing left unsaid that has a default. */
export type StatsQuery = Said &
  Required<Pick<Said, 'dimensions' | 'include'>> & { readonly filters: readonly Filter[] }
export type ApiFilter = Filter

/** The metrics the dashboard asks for; the language has more. A name it does not have fails to compile here. */
const METRICS = [
  'visitors',
  'visits',
  'pageviews',
  'views_per_visit',
  'bounce_rate',
  'visit_duration',
  'events',
  'percentage',
  'conversion_rate',
  'group_conversion_rate',
  'group_visitors',
  'time_on_page',
  'scroll_depth',
  'exit_rate',
  'total_revenue',
  'average_revenue',
] as const satisfies Question['metrics']

export type Metric = (typeof METRICS)[number]
export type Direction = 'asc' | 'desc'

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

/** Shares are texts of at most two decimals, as they are shown. */
export interface FunnelStep {
  label: string
  visitors: number
  conversion_rate: string
  conversion_rate_step: string
  dropoff: number
  dropoff_percentage: string
}

export interface FunnelAnswer {
  name: string
  steps: readonly FunnelStep[]
  all_visitors: number
  entering_visitors: number
  entering_visitors_percentage: string
  never_entering_visitors: number
  never_entering_visitors_percentage: string
}
