/** Periods and intervals: what can be chosen, which days a choice covers, and how it is called. */

import {
  addDays,
  addMonths,
  dayCount,
  earlier,
  endOfMonth,
  endOfYear,
  type IsoDay,
  later,
  startOfMonth,
  startOfYear,
} from './days.ts'

export const PERIODS = [
  'realtime',
  'day',
  '24h',
  '7d',
  '28d',
  '30d',
  '91d',
  'month',
  '6mo',
  '12mo',
  'year',
  'all',
  'custom',
] as const
export type Period = (typeof PERIODS)[number]

export const INTERVALS = ['minute', 'hour', 'day', 'week', 'month'] as const
export type Interval = (typeof INTERVALS)[number]

/** The chosen period with its anchors, as the address bar says. */
export interface PeriodChoice {
  period: Period
  date: IsoDay | null
  from: IsoDay | null
  to: IsoDay | null
}

/** What the page knows about time: the site's today and its first day of data. */
export interface Calendar {
  today: IsoDay
  statsBegin: IsoDay
}

export interface DayRange {
  from: IsoDay
  to: IsoDay
}

export function isPeriod(text: string | null): text is Period {
  return PERIODS.includes(text as Period)
}

export function isInterval(text: string | null): text is Interval {
  return INTERVALS.includes(text as Interval)
}

/** The days a choice covers, whole calendar months and years included (they may reach past today). */
export function rangeOf(choice: PeriodChoice, { today, statsBegin }: Calendar): DayRange {
  const anchor = choice.date ?? today
  switch (choice.period) {
    case 'realtime':
    case 'day':
      return { from: anchor, to: anchor }
    case '24h':
      return { from: addDays(today, -1), to: today }
    case '7d':
    case '28d':
    case '30d':
    case '91d':
      return { from: addDays(anchor, -Number.parseInt(choice.period, 10)), to: addDays(anchor, -1) }
    case 'month':
      return { from: startOfMonth(anchor), to: endOfMonth(anchor) }
    case '6mo':
    case '12mo': {
      const months = Number.parseInt(choice.period, 10)
      return { from: startOfMonth(addMonths(anchor, -months)), to: endOfMonth(addMonths(anchor, -1)) }
    }
    case 'year':
      return { from: startOfYear(anchor), to: endOfYear(anchor) }
    case 'all':
      return { from: earlier(statsBegin, today), to: today }
    case 'custom':
      return { from: choice.from ?? today, to: choice.to ?? today }
  }
}

/** The same period one step earlier or later; null where there is nothing to see. */
export function shiftPeriod(choice: PeriodChoice, step: -1 | 1, calendar: Calendar): PeriodChoice | null {
  const date = shiftedAnchor(choice, step, calendar)
  if (date === null) return null
  const next: PeriodChoice = { ...choice, date }
  const range = rangeOf(next, calendar)
  if (range.from > calendar.today || range.to < calendar.statsBegin) return null
  return coversToday(range, calendar) ? { ...next, date: null } : next
}

function coversToday(range: DayRange, { today }: Calendar): boolean {
  return range.from <= today && today <= range.to
}

function shiftedAnchor(choice: PeriodChoice, step: -1 | 1, { today }: Calendar): IsoDay | null {
  const anchor = choice.date ?? today
  switch (choice.period) {
    case 'day':
      return addDays(anchor, step)
    case 'month':
      return addMonths(startOfMonth(anchor), step)
    case 'year':
      return addMonths(startOfYear(anchor), 12 * step)
    default:
      return null
  }
}

/** Which bucket widths make sense for a choice; the first rule of each is the product's, not the engine's. */
export function intervalsFor(choice: PeriodChoice, calendar: Calendar): readonly Interval[] {
  switch (choice.period) {
    case 'realtime':
      return ['minute']
    case 'day':
    case '24h':
      return ['minute', 'hour']
    case '7d':
      return ['hour', 'day']
    case '28d':
    case '30d':
    case 'month':
      return ['day', 'week']
    case '91d':
    case '6mo':
    case '12mo':
    case 'year':
      return ['day', 'week', 'month']
    case 'all':
    case 'custom':
      return intervalsForLength(rangeOf(choice, calendar))
  }
}

function intervalsForLength(range: DayRange): readonly Interval[] {
  if (dayCount(range.from, range.to) === 1) return ['minute', 'hour']
  if (dayCount(range.from, range.to) < 7) return ['day']
  if (range.to < addMonths(range.from, 1)) return ['day', 'week']
  if (range.to <= addMonths(range.from, 12)) return ['day', 'week', 'month']
  return ['week', 'month']
}

export function defaultInterval(choice: PeriodChoice, calendar: Calendar): Interval {
  switch (choice.period) {
    case 'realtime':
      return 'minute'
    case 'day':
    case '24h':
      return 'hour'
    case '6mo':
    case '12mo':
    case 'year':
      return 'month'
    case 'all':
    case 'custom': {
      const range = rangeOf(choice, calendar)
      const days = dayCount(range.from, range.to)
      if (days === 1) return 'hour'
      if (days < 30) return 'day'
      return range.to < addMonths(range.from, 6) ? 'week' : 'month'
    }
    default:
      return 'day'
  }
}

/** A custom range as it is stored: in order, inside the data, and a single day is a day. */
export function customChoice(a: IsoDay, b: IsoDay, calendar: Calendar): PeriodChoice {
  const from = later(earlier(a, b), earlier(calendar.statsBegin, calendar.today))
  const to = earlier(later(a, b), calendar.today)
  if (from >= to) return { period: 'day', date: to === calendar.today ? null : to, from: null, to: null }
  return { period: 'custom', date: null, from, to }
}
