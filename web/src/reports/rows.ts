/** From an answer's rows to what a list draws. */

import type { DimensionValue, Row, Value } from '../api/answer.ts'
import { magnitude } from '../charts/format.ts'
import type { Filter } from '../state/filters.ts'
import type { Report } from './definitions.ts'

export interface ListRow {
  key: string
  name: string
  country: string | null // Alpha-2, for the flag.
  filter: Filter
  labels: Readonly<Record<string, string>>
  metrics: readonly Value[]
  change: readonly (number | null)[] | null
  previous: readonly Value[] | null
  share: number // 0..1 of the longest bar.
}

const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
const UNKNOWN = '(not set)'

export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return 'Unknown'
  return COUNTRY_NAMES.of(code) ?? code
}

export function listRows(report: Report, results: readonly Row[]): ListRow[] {
  const longest = longestOf(results)
  return results.map((row) => {
    const value = String(row.dimensions[0] ?? '')
    const name = nameOf(report, row.dimensions)
    return {
      key: row.dimensions.join('\u0000'),
      name,
      country: countryOf(report, row.dimensions),
      filter: { operation: 'is', dimension: report.dimension, clauses: [value] },
      labels: report.isPlace ? { [value]: name } : {},
      ...figuresOf(row, longest),
    }
  })
}

/** Rows of a goal or property report, where the value is the name. */
export function plainRows(dimension: string, results: readonly Row[]): ListRow[] {
  const longest = longestOf(results)
  return results.map((row) => {
    const name = String(row.dimensions[0] ?? '')
    const filter: Filter = { operation: 'is', dimension, clauses: [name] }
    return { key: name, name, country: null, filter, labels: {}, ...figuresOf(row, longest) }
  })
}

function longestOf(results: readonly Row[]): number {
  return Math.max(1, ...results.map((row) => magnitude(row.metrics[0] ?? null) ?? 0))
}

function figuresOf(row: Row, longest: number) {
  return {
    metrics: row.metrics,
    change: row.comparison?.change ?? null,
    previous: row.comparison?.metrics ?? null,
    share: (magnitude(row.metrics[0] ?? null) ?? 0) / longest,
  }
}

function nameOf(report: Report, [value = '', name]: readonly DimensionValue[]): string {
  const text = String(value)
  switch (report.id) {
    case 'countries':
      return countryName(text)
    case 'regions':
    case 'cities':
      return String(name ?? '') || text || 'Unknown'
    case 'browser-versions':
    case 'operating-system-versions':
      return text === UNKNOWN && name === UNKNOWN ? UNKNOWN : `${name} ${text}`
    default:
      return text === '' ? UNKNOWN : text
  }
}

function countryOf(report: Report, dimensions: readonly DimensionValue[]): string | null {
  if (report.id === 'countries') return String(dimensions[0] ?? '')
  if (report.id === 'regions') return String(dimensions[0] ?? '').slice(0, 2)
  return report.id === 'cities' ? String(dimensions[2] ?? '') : null
}

/** Where a row's place on the web is, if it has one. */
export function externalUrl(report: Report, name: string, domain: string): string | null {
  if (['pages', 'entry-pages', 'exit-pages'].includes(report.id)) {
    return name.startsWith('/') ? `https://${domain}${name}` : null
  }
  return report.id === 'referrers' && name.includes('.') ? `https://${name}` : null
}

/** Long addresses keep both ends: `/a-very-long…/the-end`. */
export function trimMiddle(text: string, length: number): string {
  if (text.length <= length) return text
  const head = Math.ceil((length - 1) * 0.6)
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`
}
