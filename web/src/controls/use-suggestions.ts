/**
 * Values worth filtering by: the most seen ones under the other filters. They come through the query door, so a
 * suggestion is always a row some report would show.
 */

import type { ApiFilter, Row, StatsQuery } from '../api/answer.ts'
import { statsQuery } from '../api/query.ts'
import { useStats } from '../api/use-stats.ts'
import { useBoot } from '../boot.ts'
import { countryName } from '../reports/rows.ts'
import type { DashboardState } from '../state/dashboard-state.ts'
import { apiDimension, type Filter } from '../state/filters.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { NAME_DIMENSIONS } from './filter-fields.ts'

const SUGGESTIONS_MAX = 25
const WAIT_MS = 200

export interface Suggestion {
  value: string
  label: string
}

export function useSuggestions(
  dimension: string,
  text: string,
  others: readonly Filter[],
  isEnabled: boolean,
): readonly Suggestion[] {
  const { goals } = useBoot()
  const { state } = useDashboard()
  const search = useDebounced(text.trim(), WAIT_MS)
  const isGoal = dimension === 'goal'
  const query = suggestionQuery(isGoal ? 'page' : dimension, search, { ...state, filters: others })
  const load = useStats(query, { isEnabled: isEnabled && !isGoal })
  if (isGoal) {
    return matching(
      goals.map(({ name }) => ({ value: name, label: name })),
      text,
    )
  }
  if (load.state !== 'ready') return []
  // The list may still be the one of a shorter text: what does not match what is typed now must not be chosen.
  return matching(
    load.value.results.map((row) => suggestionOf(dimension, row)),
    text,
  )
}

function suggestionOf(dimension: string, { dimensions: [value = '', name] }: Row): Suggestion {
  const label = dimension === 'country' ? countryName(String(value)) : String(name ?? value)
  return { value: String(value), label }
}

function matching(suggestions: readonly Suggestion[], text: string): readonly Suggestion[] {
  const wanted = text.trim().toLowerCase()
  return suggestions.filter(({ label }) => label.toLowerCase().includes(wanted))
}

function suggestionQuery(dimension: string, search: string, state: DashboardState): StatsQuery {
  const grouped = apiDimension(dimension)
  const named = NAME_DIMENSIONS[dimension]
  const filter: ApiFilter = ['contains', named ?? grouped, [search], { case_sensitive: false }]
  return statsQuery(state, {
    metrics: ['visitors'],
    dimensions: named ? [grouped, named] : [grouped],
    extraFilters: search === '' ? [] : [filter],
    page: { limit: SUGGESTIONS_MAX, offset: 0 },
    compareNever: true,
  })
}
