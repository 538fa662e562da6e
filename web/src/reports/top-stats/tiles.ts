/** Which figures stand at the top: they follow what the reader looks at. */

import type { Metric } from '../../api/answer.ts'
import type { DashboardState } from '../../state/dashboard-state.ts'
import { hasGoalFilter, hasPageFilter } from '../../state/filters.ts'

export interface Tile {
  metric: Metric
  label: string
}

const DEFAULT: readonly Tile[] = [
  { metric: 'visitors', label: 'Unique visitors' },
  { metric: 'visits', label: 'Total visits' },
  { metric: 'pageviews', label: 'Total pageviews' },
  { metric: 'views_per_visit', label: 'Views per visit' },
  { metric: 'bounce_rate', label: 'Bounce rate' },
  { metric: 'visit_duration', label: 'Visit duration' },
]

const PAGE: readonly Tile[] = [
  { metric: 'visitors', label: 'Unique visitors' },
  { metric: 'visits', label: 'Total visits' },
  { metric: 'pageviews', label: 'Total pageviews' },
  { metric: 'bounce_rate', label: 'Bounce rate' },
  { metric: 'scroll_depth', label: 'Scroll depth' },
  { metric: 'time_on_page', label: 'Time on page' },
]

const REALTIME: readonly Tile[] = [
  { metric: 'visitors', label: 'Unique visitors (last 30 min)' },
  { metric: 'pageviews', label: 'Pageviews (last 30 min)' },
]

const REALTIME_GOAL: readonly Tile[] = [
  { metric: 'visitors', label: 'Unique conversions (last 30 min)' },
  { metric: 'events', label: 'Total conversions (last 30 min)' },
]

const REVENUE: readonly Tile[] = [
  { metric: 'average_revenue', label: 'Average revenue' },
  { metric: 'total_revenue', label: 'Total revenue' },
]

const WITHOUT_VISITORS: readonly Tile[] = [
  { metric: 'pageviews', label: 'Total pageviews' },
  { metric: 'events', label: 'Total events' },
]

export function tilesFor(
  state: DashboardState,
  hasRevenue: boolean,
  countsVisitors: boolean,
): readonly Tile[] {
  return countsVisitors ? allTiles(state, hasRevenue) : knownTiles(state, hasRevenue)
}

function knownTiles(state: DashboardState, hasRevenue: boolean): readonly Tile[] {
  if (!hasGoalFilter(state.filters)) return WITHOUT_VISITORS
  return [{ metric: 'events', label: 'Total conversions' }, ...(hasRevenue ? REVENUE : [])]
}

function allTiles(state: DashboardState, hasRevenue: boolean): readonly Tile[] {
  const isGoal = hasGoalFilter(state.filters)
  if (state.period === 'realtime') return isGoal ? REALTIME_GOAL : REALTIME
  if (isGoal) {
    return [
      { metric: 'visitors', label: 'Unique conversions' },
      { metric: 'events', label: 'Total conversions' },
      ...(hasRevenue ? REVENUE : []),
      { metric: 'conversion_rate', label: 'Conversion rate' },
    ]
  }
  return hasPageFilter(state.filters) ? PAGE : DEFAULT
}

/** The remembered metric if it is on show, else the first. */
export function graphMetric(tiles: readonly Tile[], remembered: string | null): Tile {
  const found = tiles.find(({ metric }) => metric === remembered)
  return found ?? tiles[0] ?? { metric: 'visitors', label: 'Unique visitors' }
}
