/** What a details modal is about, read from its route. */

import type { Metric } from '../../api/answer.ts'
import type { DashboardState } from '../../state/dashboard-state.ts'
import { hasGoalFilter } from '../../state/filters.ts'
import { goalMetrics, propertyMetrics } from '../behaviours/metrics.ts'
import { detailMetrics, metricLabel, REPORTS, type Report, type ReportId } from '../definitions.ts'

export interface Subject {
  id: string
  title: string
  column: string
  dimension: string
  groupBy: readonly [string, ...string[]]
  searchBy: string | null
  metrics: readonly Metric[]
  labels: readonly string[]
  report: Report | null
  realtimeMinutes: 5 | 30
}

export function subjectOf(route: string, state: DashboardState, hasRevenue: boolean): Subject | null {
  const [, name = '', argument] = route.split('/')
  if (name in REPORTS) return reportSubject(REPORTS[name as ReportId], state, hasRevenue)
  if (name === 'conversions') return goalSubject(hasRevenue)
  if (name === 'custom-prop-values' && argument)
    return propertySubject(decodeURIComponent(argument), state, hasRevenue)
  return null
}

function reportSubject(report: Report, state: DashboardState, hasRevenue: boolean): Subject {
  const metrics = detailMetrics(report, state, hasRevenue)
  const { id, title, column, dimension, groupBy, searchBy } = report
  const labels = metrics.map((metric) => metricLabel(metric, report, state))
  return { id, title, column, dimension, groupBy, searchBy, metrics, labels, report, realtimeMinutes: 5 }
}

function goalSubject(hasRevenue: boolean): Subject {
  const metrics = goalMetrics(hasRevenue)
  return {
    id: 'conversions',
    title: 'Goal conversions',
    column: 'Goal',
    dimension: 'goal',
    groupBy: ['event:goal'],
    searchBy: null,
    metrics,
    labels: ['Uniques', 'Total', 'CR', 'Revenue', 'Average'].slice(0, metrics.length),
    report: null,
    realtimeMinutes: 30,
  }
}

function propertySubject(property: string, state: DashboardState, hasRevenue: boolean): Subject {
  const isGoal = hasGoalFilter(state.filters)
  const metrics = propertyMetrics(isGoal, hasRevenue)
  return {
    id: 'custom-prop-values',
    title: `Property: ${property}`,
    column: property,
    dimension: `props:${property}`,
    groupBy: [`event:props:${property}`],
    searchBy: `event:props:${property}`,
    metrics,
    labels: ['Visitors', 'Events', isGoal ? 'CR' : '%', 'Revenue', 'Average'].slice(0, metrics.length),
    report: null,
    realtimeMinutes: 30,
  }
}
