/** What a details modal is about, read from its route. */

import type { Metric } from '../../api/answer.ts'
import type { DashboardState } from '../../state/dashboard-state.ts'
import { hasGoalFilter } from '../../state/filters.ts'
import { goalMetrics, LABELS, PROPERTY_LABELS, propertyMetrics } from '../behaviours/metrics.ts'
import {
  detailMetrics,
  knownMetrics,
  metricLabel,
  REPORTS,
  type Report,
  type ReportId,
} from '../definitions.ts'

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

/** What about a site decides which columns there are. */
export interface SiteFacts {
  hasRevenue: boolean
  countsVisitors: boolean
}

export function subjectOf(route: string, state: DashboardState, site: SiteFacts): Subject | null {
  const [, name = '', argument] = route.split('/')
  if (name in REPORTS) return reportSubject(REPORTS[name as ReportId], state, site)
  if (name === 'conversions') return goalSubject(site)
  if (name === 'custom-prop-values' && argument)
    return propertySubject(decodeURIComponent(argument), state, site)
  return null
}

function reportSubject(report: Report, state: DashboardState, site: SiteFacts): Subject {
  const metrics = knownMetrics(detailMetrics(report, state, site.hasRevenue), site, report)
  const { id, title, column, dimension, groupBy, searchBy } = report
  const labels = metrics.map((metric) => metricLabel(metric, report, state))
  return { id, title, column, dimension, groupBy, searchBy, metrics, labels, report, realtimeMinutes: 5 }
}

function goalSubject(site: SiteFacts): Subject {
  const metrics = knownMetrics(goalMetrics(site.hasRevenue), site)
  return {
    id: 'conversions',
    title: 'Goal conversions',
    column: 'Goal',
    dimension: 'goal',
    groupBy: ['event:goal'],
    searchBy: null,
    metrics,
    labels: metrics.map((metric) => LABELS[metric] ?? metric),
    report: null,
    realtimeMinutes: 30,
  }
}

function propertySubject(property: string, state: DashboardState, site: SiteFacts): Subject {
  const isGoal = hasGoalFilter(state.filters)
  const metrics = knownMetrics(propertyMetrics(isGoal, site.hasRevenue), site)
  return {
    id: 'custom-prop-values',
    title: `Property: ${property}`,
    column: property,
    dimension: `props:${property}`,
    groupBy: [`event:props:${property}`],
    searchBy: `event:props:${property}`,
    metrics,
    labels: metrics.map((metric) => PROPERTY_LABELS[metric] ?? metric),
    report: null,
    realtimeMinutes: 30,
  }
}
