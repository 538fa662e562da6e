/** What goals and properties count, and which property tells most about a goal of the tracker's own. */

import type { Metric } from '../../api/answer.ts'
import { type Filter, onlyValue } from '../../state/filters.ts'

/** What a column of goals or properties is called. */
export const LABELS: Partial<Record<Metric, string>> = {
  visitors: 'Uniques',
  events: 'Total',
  conversion_rate: 'CR',
  percentage: '%',
  total_revenue: 'Revenue',
  average_revenue: 'Average',
}

export const PROPERTY_LABELS: Partial<Record<Metric, string>> = {
  ...LABELS,
  visitors: 'Visitors',
  events: 'Events',
}

const REVENUE: readonly Metric[] = ['total_revenue', 'average_revenue']

const PROPERTY_OF_GOAL: Readonly<Record<string, string>> = {
  '404': 'path',
  'Outbound Link: Click': 'url',
  'Cloaked Link: Click': 'url',
  'File Download': 'url',
  'WP Search Queries': 'search_query',
  'WP Form Completions': 'path',
}

export function goalMetrics(hasRevenue: boolean): readonly Metric[] {
  return ['visitors', 'events', 'conversion_rate', ...(hasRevenue ? REVENUE : [])]
}

export function propertyMetrics(isGoalFiltered: boolean, hasRevenue: boolean): readonly Metric[] {
  const share: Metric = isGoalFiltered ? 'conversion_rate' : 'percentage'
  return ['visitors', 'events', share, ...(hasRevenue && isGoalFiltered ? REVENUE : [])]
}

/** The property to show when exactly one of the tracker's own goals is chosen. */
export function goalProperty(filters: readonly Filter[]): string | null {
  const goal = onlyValue(filters, 'goal')
  return goal === null ? null : (PROPERTY_OF_GOAL[goal] ?? null)
}
