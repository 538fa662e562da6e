/** From an answer to the points of a graph: every bucket has its place, the future has none, the unfinished is marked. */

import type { Metric, Row, StatsAnswer, Value } from '../api/answer.ts'
import { notKnown } from '../api/known.ts'
import { addDays, endOfMonth, startOfWeek } from '../state/days.ts'
import type { Interval } from '../state/period.ts'
import { emptyValue } from './format.ts'

export interface Point {
  label: string
  value: Value
  isFuture: boolean
  isPartial: boolean // The bucket is cut by the range, or still being filled.
  comparison: { label: string; value: Value; change: number | null } | null
}

export interface SeriesContext {
  metric: Metric
  interval: Interval
  nowLocal: string // `2026-02-03 14:05:00`, the site's wall clock.
}

export function pointsOf(answer: StatsAnswer, context: SeriesContext): Point[] {
  const rows = new Map(answer.results.map((row) => [String(row.dimensions[0]), row]))
  const labels = answer.meta.time_labels ?? [...rows.keys()]
  const firstDay = answer.query.date_range[0].slice(0, 10)
  const lastDay = answer.query.date_range[1].slice(0, 10)
  const empty = notKnown(answer) === null ? emptyValue(context.metric) : null
  return labels.map((label, index) => {
    const row = rows.get(label)
    const isFuture = label > context.nowLocal
    const comparison = row?.comparison
    const comparisonLabel = comparison?.dimensions[0] ?? answer.meta.comparison_time_labels?.[index]
    return {
      label,
      value: isFuture ? null : figureOf(row, empty),
      isFuture,
      isPartial: !isFuture && isPartial(label, { firstDay, lastDay }, context),
      comparison:
        comparisonLabel === undefined
          ? null
          : {
              label: String(comparisonLabel),
              value: figureOf(comparison, empty),
              change: comparison?.change[0] ?? null,
            },
    }
  })
}

/** What a row says, unknown included; where there is no row, nothing happened. */
function figureOf(row: Pick<Row, 'metrics'> | undefined, empty: Value): Value {
  return row ? (row.metrics[0] ?? null) : empty
}

/** A bucket is partial when the range cuts it or when the site's clock stands inside it. */
function isPartial(
  label: string,
  range: { firstDay: string; lastDay: string },
  { interval, nowLocal }: SeriesContext,
): boolean {
  const day = label.slice(0, 10)
  const today = nowLocal.slice(0, 10)
  switch (interval) {
    case 'minute':
      return label.slice(0, 16) === nowLocal.slice(0, 16)
    case 'hour':
      return label.slice(0, 13) === nowLocal.slice(0, 13)
    case 'day':
      return day === today
    case 'week': {
      const monday = startOfWeek(day)
      const sunday = addDays(monday, 6)
      return monday < range.firstDay || sunday > range.lastDay || sunday >= today
    }
    case 'month':
      return day < range.firstDay || endOfMonth(day) > range.lastDay || endOfMonth(day) >= today
  }
}

/** The finished line and the dashed line. They share the points where one hands over to the other. */
export function splitLines(points: readonly Point[], numbers: readonly (number | null)[]) {
  const near = (index: number) => points[index]?.isPartial === true
  const solid = numbers.map((n, i) => (near(i) ? null : n))
  const dashed = numbers.map((n, i) => (near(i) || near(i - 1) || near(i + 1) ? n : null))
  return { solid, dashed }
}

/** What a click on a bucket opens: a day of days, a month of months. */
export function drillDown(
  label: string,
  interval: Interval,
): { period: 'day' | 'month'; date: string } | null {
  if (interval === 'day') return { period: 'day', date: label.slice(0, 10) }
  if (interval === 'month') return { period: 'month', date: label.slice(0, 10) }
  return null
}
