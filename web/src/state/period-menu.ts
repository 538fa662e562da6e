/** The entries of the period menu with their keys. Some are keys only. */

import { addDays, addMonths, startOfMonth } from './days.ts'
import type { Calendar, PeriodChoice } from './period.ts'

export interface PeriodEntry {
  label: string
  key: string
  choice: PeriodChoice
  isHidden?: boolean
}

function entry(
  label: string,
  key: string,
  period: PeriodChoice['period'],
  date: string | null = null,
): PeriodEntry {
  return { label, key, choice: { period, date, from: null, to: null } }
}

export function periodGroups({ today }: Calendar): readonly (readonly PeriodEntry[])[] {
  return [
    [
      entry('Today', 'D', 'day'),
      entry('Yesterday', 'E', 'day', addDays(today, -1)),
      entry('Realtime', 'R', 'realtime'),
    ],
    [
      entry('Last 24 hours', 'H', '24h'),
      entry('Last 7 days', 'W', '7d'),
      entry('Last 28 days', 'F', '28d'),
      { ...entry('Last 30 days', 'T', '30d'), isHidden: true },
      entry('Last 91 days', 'N', '91d'),
    ],
    [
      entry('Month to date', 'M', 'month'),
      entry('Last month', 'P', 'month', addMonths(startOfMonth(today), -1)),
    ],
    [
      entry('Year to date', 'Y', 'year'),
      { ...entry('Last 6 months', 'S', '6mo'), isHidden: true },
      entry('Last 12 months', 'L', '12mo'),
    ],
    [entry('All time', 'A', 'all')],
  ]
}

export function isSameChoice(a: PeriodChoice, b: PeriodChoice): boolean {
  return a.period === b.period && a.date === b.date && a.from === b.from && a.to === b.to
}
