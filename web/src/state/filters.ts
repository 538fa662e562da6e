/** Filters: their names, their form in the address bar, and their form in a query. */

import type { ApiFilter } from '../api/answer.ts'

export const OPERATIONS = ['is', 'is_not', 'contains', 'contains_not', 'has_not_done'] as const
export type Operation = (typeof OPERATIONS)[number]

export interface Filter {
  operation: Operation
  dimension: string // As in the address bar: `page`, `props:author`, `segment`.
  clauses: readonly string[]
}

export const FILTERS_MAX = 50
const EVENT_DIMENSIONS = new Set(['name', 'page', 'goal', 'hostname'])

const NAMES: Readonly<Record<string, string>> = {
  page: 'Page',
  entry_page: 'Entry page',
  exit_page: 'Exit page',
  hostname: 'Hostname',
  source: 'Source',
  channel: 'Channel',
  referrer: 'Referrer URL',
  utm_medium: 'UTM medium',
  utm_source: 'UTM source',
  utm_campaign: 'UTM campaign',
  utm_content: 'UTM content',
  utm_term: 'UTM term',
  country: 'Country',
  region: 'Region',
  city: 'City',
  screen: 'Screen size',
  browser: 'Browser',
  browser_version: 'Browser version',
  os: 'Operating system',
  os_version: 'Operating system version',
  goal: 'Goal',
  segment: 'Segment',
}

const OPERATION_NAMES: Readonly<Record<Operation, string>> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  contains_not: 'does not contain',
  has_not_done: 'is not',
}

export function isFilterDimension(dimension: string): boolean {
  return dimension in NAMES || (dimension.startsWith('props:') && dimension.length > 6)
}

export function dimensionName(dimension: string): string {
  return dimension.startsWith('props:') ? `Property ${dimension.slice(6)}` : (NAMES[dimension] ?? dimension)
}

export function operationName(operation: Operation): string {
  return OPERATION_NAMES[operation]
}

/** The query language's name of a dashboard dimension. */
export function apiDimension(dimension: string): string {
  if (dimension === 'screen') return 'visit:device'
  const isEvent = EVENT_DIMENSIONS.has(dimension) || dimension.startsWith('props:')
  return `${isEvent ? 'event' : 'visit'}:${dimension}`
}

export function apiFilter(filter: Filter): ApiFilter {
  if (filter.dimension === 'segment') return ['is', 'segment', filter.clauses.map(Number)]
  const clauses = [...filter.clauses]
  if (filter.operation === 'has_not_done')
    return ['has_not_done', ['is', apiDimension(filter.dimension), clauses]]
  return [filter.operation, apiDimension(filter.dimension), clauses]
}

/** Operators a reader may choose for a dimension; places and sizes are codes, so "contains" means nothing. */
export function operationsFor(dimension: string): readonly Operation[] {
  if (['screen', 'country', 'region', 'city'].includes(dimension)) return ['is', 'is_not']
  if (dimension === 'goal') return ['is', 'has_not_done', 'contains']
  return ['is', 'is_not', 'contains', 'contains_not']
}

/** Replace every filter on the same dimension: a click on a row narrows to that row. */
export function withFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  return [...filters.filter((other) => other.dimension !== filter.dimension), filter]
}

export function hasGoalFilter(filters: readonly Filter[]): boolean {
  return filters.some((f) => f.dimension === 'goal' && f.operation !== 'has_not_done')
}

export function hasPageFilter(filters: readonly Filter[]): boolean {
  return filters.some((f) => f.dimension === 'page')
}

/** The single value a dimension is filtered to, if it is exactly one. */
export function onlyValue(filters: readonly Filter[], dimension: string): string | null {
  const filter = filters.find((f) => f.dimension === dimension && f.operation === 'is')
  return filter?.clauses.length === 1 ? (filter.clauses[0] ?? null) : null
}

/** Where a shared link shows one segment only, its filter always stands first; the server insists on it too. */
export function limitedTo<
  State extends { filters: readonly Filter[]; labels: Readonly<Record<string, string>> },
>(state: State, segment: { id: number; name: string }): State {
  const fixed: Filter = { operation: 'is', dimension: 'segment', clauses: [String(segment.id)] }
  const others = state.filters.filter(({ dimension }) => dimension !== 'segment')
  const labels = { ...state.labels, [`segment-${segment.id}`]: segment.name }
  return { ...state, filters: [fixed, ...others], labels }
}
