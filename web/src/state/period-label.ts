/** Periods in words, in the reader's locale for dates and in English for names. */

import { LOCALE } from '../charts/locale.ts'
import { addDays, type IsoDay } from './days.ts'
import { type Calendar, type DayRange, type PeriodChoice, rangeOf } from './period.ts'

const NAMED = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '28d': 'Last 28 days',
  '30d': 'Last 30 days',
  '91d': 'Last 91 days',
  '6mo': 'Last 6 months',
  '12mo': 'Last 12 months',
} as const

function format(day: IsoDay, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', ...options }).format(new Date(`${day}T00:00:00Z`))
}

/** `Tue, 3 Feb`, with the year when it is not this one. */
export function dayLabel(day: IsoDay, today: IsoDay): string {
  const isThisYear = day.slice(0, 4) === today.slice(0, 4)
  return format(day, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  })
}

/** `2 Feb – 9 Feb`, with years where they differ from this one. */
export function rangeLabel(range: DayRange, today: IsoDay): string {
  const isThisYear =
    range.from.slice(0, 4) === today.slice(0, 4) && range.to.slice(0, 4) === today.slice(0, 4)
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
  const end: Intl.DateTimeFormatOptions = isThisYear ? options : { ...options, year: '2-digit' }
  if (range.from === range.to) return format(range.from, end)
  const isOneYear = range.from.slice(0, 4) === range.to.slice(0, 4)
  return `${format(range.from, isOneYear ? options : end)} – ${format(range.to, end)}`
}

export function monthLabel(day: IsoDay): string {
  return format(day, { month: 'long', year: 'numeric' })
}

/** What the period button says. */
export function periodLabel(choice: PeriodChoice, calendar: Calendar): string {
  const { today } = calendar
  const isAnchored = choice.date !== null && choice.date !== today
  switch (choice.period) {
    case 'realtime':
      return 'Realtime'
    case 'all':
      return 'All time'
    case 'day':
      if (!isAnchored) return 'Today'
      return choice.date === addDays(today, -1) ? 'Yesterday' : dayLabel(choice.date ?? today, today)
    case 'month':
      return isAnchored ? monthLabel(choice.date ?? today) : 'Month to date'
    case 'year':
      return isAnchored ? (choice.date ?? today).slice(0, 4) : 'Year to date'
    case 'custom':
      return rangeLabel(rangeOf(choice, calendar), today)
    default:
      return isAnchored ? rangeLabel(rangeOf(choice, calendar), today) : NAMED[choice.period]
  }
}
