/**
 * The raw query string. `URLSearchParams` decodes before we can split on commas, so a comma inside a value
 * would be lost; these functions split first and decode after.
 */

import { FILTERS_MAX, type Filter, isFilterDimension, OPERATIONS, type Operation } from './filters.ts'

export type Params = ReadonlyArray<readonly [string, string]> // Decoded key, raw value.

export function parseSearch(search: string): Params {
  const text = search.startsWith('?') ? search.slice(1) : search
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=')
      return at < 0
        ? ([decode(part), ''] as const)
        : ([decode(part.slice(0, at)), part.slice(at + 1)] as const)
    })
}

/** A malformed percent sequence is shown as it was written instead of throwing. */
export function decode(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '))
  } catch {
    return raw
  }
}

/** Percent-encodes all but `:` and `/`, which keeps addresses readable. */
export function encode(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2F', '/')
}

export function param(params: Params, key: string): string | null {
  const found = params.find(([name]) => name === key)
  return found ? decode(found[1]) : null
}

/** `is,page,/blog,/docs`; null for what we do not understand. */
export function parseFilter(raw: string): Filter | null {
  const [operation, dimension, ...clauses] = raw.split(',').map(decode)
  const known = operation === 'does_not_contain' ? 'contains_not' : operation
  if (!OPERATIONS.includes(known as Operation) || !dimension || !isFilterDimension(dimension)) return null
  if (clauses.length === 0) return null
  if (dimension === 'segment' && !clauses.every((c) => /^\d+$/.test(c))) return null
  return { operation: known as Operation, dimension, clauses }
}

export function parseFilters(params: Params): Filter[] {
  return params
    .filter(([key]) => key === 'f')
    .slice(0, FILTERS_MAX)
    .map(([, raw]) => parseFilter(raw))
    .filter((filter) => filter !== null)
}

export function writeFilter({ operation, dimension, clauses }: Filter): string {
  return [operation, dimension, ...clauses].map(encode).join(',')
}

export function parseLabels(params: Params): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [key, raw] of params) {
    const [code, label] = key === 'l' ? raw.split(',').map(decode) : []
    if (code && label) labels[code] = label
  }
  return labels
}
