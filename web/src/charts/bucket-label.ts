/** Buckets in words: short under the axis, whole in the tooltip. */

import { addDays } from '../state/days.ts'
import type { Interval } from '../state/period.ts'
import { HOUR_CYCLE, LOCALE } from './locale.ts'

const CLOCK = HOUR_CYCLE ? { hourCycle: HOUR_CYCLE } : {}

function format(label: string, options: Intl.DateTimeFormatOptions): string {
  const [day = '', time = '00:00:00'] = label.split(' ')
  const date = new Date(`${day}T${time}Z`)
  return Number.isNaN(date.getTime())
    ? label
    : new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', ...CLOCK, ...options }).format(date)
}

export function axisLabel(label: string, interval: Interval, isMultiYear: boolean): string {
  switch (interval) {
    case 'minute':
      return format(label, { hour: 'numeric', minute: '2-digit' })
    case 'hour':
      return format(label, { hour: 'numeric', minute: '2-digit' })
    case 'day':
    case 'week':
      return format(label, { day: 'numeric', month: 'short' })
    case 'month':
      return format(label, isMultiYear ? { month: 'short', year: '2-digit' } : { month: 'short' })
  }
}

const WHOLE_DAY: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
}

export function bucketLabel(label: string, interval: Interval): string {
  switch (interval) {
    case 'minute':
    case 'hour':
      return format(label, {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        hour: 'numeric',
        minute: '2-digit',
      })
    case 'day':
      return format(label, WHOLE_DAY)
    case 'week': {
      const short = { day: 'numeric', month: 'short' } as const
      return `${format(label, short)} – ${format(addDays(label.slice(0, 10), 6), short)}`
    }
    case 'month':
      return format(label, { month: 'long', year: 'numeric' })
  }
}

/** `Partial week of …` where the range or the present cuts the bucket. */
export function pointTitle(label: string, interval: Interval, isPartial: boolean): string {
  if (!isPartial || (interval !== 'week' && interval !== 'month')) return bucketLabel(label, interval)
  if (interval === 'month') return `Partial month of ${bucketLabel(label, interval)}`
  return `Partial week of ${format(label, { day: 'numeric', month: 'short' })}`
}
