/** Numbers as people read them. */

import type { Metric, Money, Value } from '../api/answer.ts'
import { LOCALE } from './locale.ts'

const LONG = new Intl.NumberFormat(LOCALE)
const SCALES = [
  { from: 1_000_000_000, suffix: 'B' },
  { from: 1_000_000, suffix: 'M' },
  { from: 1_000, suffix: 'k' },
] as const

/** `999`, `1.2k`, `104k`, `1.5M`: cut, never rounded up, so that 999,999 is not a million. */
export function formatShort(value: number): string {
  const size = Math.abs(value)
  const scale = SCALES.find(({ from }) => size >= from)
  if (!scale) return LONG.format(Math.round(value * 100) / 100)
  const scaled = size / scale.from
  const cut = scaled >= 100 ? Math.floor(scaled) : Math.floor(scaled * 10 + 1e-9) / 10
  return `${value < 0 ? '−' : ''}${cut}${scale.suffix}`
}

export function formatLong(value: number): string {
  return LONG.format(value)
}

/** `45s`, `2m 05s`, `1h 2m 3s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = whole % 60
  if (hours > 0) return `${hours}h ${minutes}m ${rest}s`
  if (minutes > 0) return `${minutes}m ${String(rest).padStart(2, '0')}s`
  return `${rest}s`
}

/** One decimal without a trailing `.0`; two below 0.1, so that a small share is not zero. */
export function formatPercent(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 2 : 1
  return `${Number(value.toFixed(digits))}%`
}

type Form = 'count' | 'decimal' | 'percent' | 'duration' | 'money'

const FORMS: Readonly<Record<Metric, Form>> = {
  visitors: 'count',
  visits: 'count',
  pageviews: 'count',
  events: 'count',
  group_visitors: 'count',
  views_per_visit: 'decimal',
  bounce_rate: 'percent',
  percentage: 'percent',
  conversion_rate: 'percent',
  group_conversion_rate: 'percent',
  exit_rate: 'percent',
  scroll_depth: 'percent',
  visit_duration: 'duration',
  time_on_page: 'duration',
  total_revenue: 'money',
  average_revenue: 'money',
}

export const NOTHING = '–'

function isMoney(value: Value): value is Money {
  return typeof value === 'object' && value !== null
}

export function formatValue(metric: Metric, value: Value, length: 'short' | 'long' = 'short'): string {
  if (value === null) return NOTHING
  if (isMoney(value)) return length === 'short' ? value.short : value.long
  switch (FORMS[metric]) {
    case 'percent':
      return formatPercent(value)
    case 'duration':
      return formatDuration(value)
    case 'decimal':
      return String(Math.round(value * 100) / 100)
    default:
      return length === 'short' ? formatShort(value) : formatLong(value)
  }
}

/** The number behind a value, for drawing. */
export function magnitude(value: Value): number | null {
  return isMoney(value) ? value.value : value
}

/** A metric nobody recorded is 0 when it counts and unknown when it is a rate. */
export function emptyValue(metric: Metric): number | null {
  return FORMS[metric] === 'count' ? 0 : null
}

/** A rising bounce or exit rate is bad news. */
export function isFallGood(metric: Metric): boolean {
  return metric === 'bounce_rate' || metric === 'exit_rate'
}

export type Trend = 'good' | 'bad' | 'flat'

export function trendOf(metric: Metric, change: number): Trend {
  if (change === 0) return 'flat'
  return change > 0 === !isFallGood(metric) ? 'good' : 'bad'
}

const IN_POINTS: readonly Metric[] = ['bounce_rate', 'exit_rate', 'conversion_rate']

/** Rates of a whole move by points, everything else by percent of what it was. */
export function formatChange(metric: Metric, change: number): string {
  return `${formatShort(Math.abs(change))}${IN_POINTS.includes(metric) ? 'pt' : '%'}`
}
