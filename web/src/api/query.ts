/** From the dashboard's state to a question in the query language. Pure: what is asked is decided here and nowhere else. */

import type { DashboardState } from '../state/dashboard-state.ts'
import { apiFilter } from '../state/filters.ts'
import type { ApiFilter, StatsQuery } from './answer.ts'

export interface Question {
  metrics: StatsQuery['metrics']
  dimensions?: readonly string[]
  extraFilters?: readonly ApiFilter[]
  orderBy?: NonNullable<StatsQuery['order_by']>
  page?: { limit: number; offset: number }
  timeLabels?: boolean
  /** Totals, goals and the graph look back 30 minutes in realtime; lists look at the visitors of now, 5 minutes. */
  realtimeMinutes?: 5 | 30
  /** Total figures are compared with the previous period even when the reader asked for no comparison. */
  compareAlways?: boolean
  compareNever?: boolean
}

type Compare = NonNullable<StatsQuery['include']['compare']>

export function statsQuery(state: DashboardState, question: Question): StatsQuery {
  const compare = comparisonOf(state, question)
  const relative = state.date !== null && state.period !== 'custom' ? { relative_date: state.date } : {}
  return {
    date_range: dateRangeOf(state, question.realtimeMinutes ?? 5),
    ...relative,
    metrics: question.metrics,
    dimensions: question.dimensions ?? [],
    filters: [...state.filters.map(apiFilter), ...(question.extraFilters ?? [])],
    ...(question.orderBy ? { order_by: question.orderBy } : {}),
    include: {
      imports: state.withImported,
      imports_meta: true,
      ...(question.timeLabels ? { time_labels: true } : {}),
      ...(compare ? { compare, compare_match_day_of_week: state.matchDayOfWeek } : {}),
    },
    ...(question.page ? { pagination: question.page } : {}),
  }
}

function dateRangeOf(state: DashboardState, realtimeMinutes: 5 | 30): StatsQuery['date_range'] {
  if (state.period === 'realtime') return realtimeMinutes === 30 ? 'realtime_30m' : 'realtime'
  if (state.period === 'custom' && state.from && state.to) return [state.from, state.to]
  return state.period
}

function comparisonOf(state: DashboardState, question: Question): Compare | null {
  if (question.compareNever || state.period === 'realtime' || state.period === 'all') return null
  if (state.comparison === 'custom' && state.compareFrom && state.compareTo) {
    return [state.compareFrom, state.compareTo]
  }
  const mode = state.comparison === 'custom' ? null : state.comparison
  return mode ?? (question.compareAlways ? 'previous_period' : null)
}
