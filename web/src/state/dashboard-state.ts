/** The dashboard's state, read from and written to the address bar; nothing else holds any of it. */

import { addDays, type IsoDay, isIsoDay } from './days.ts'
import type { Filter } from './filters.ts'
import { type Calendar, customChoice, isPeriod, type Period, type PeriodChoice } from './period.ts'
import { encode, type Params, param, parseFilters, parseLabels, parseSearch, writeFilter } from './search.ts'

export type Comparison = 'previous_period' | 'year_over_year' | 'custom'

export interface DashboardState extends PeriodChoice {
  comparison: Comparison | null
  compareFrom: IsoDay | null
  compareTo: IsoDay | null
  matchDayOfWeek: boolean
  withImported: boolean
  filters: readonly Filter[]
  labels: Readonly<Record<string, string>>
}

/** What this browser remembers of its reader's choices; every part may be missing. */
export interface Preferences {
  period: string | null
  comparison: string | null
  matchDayOfWeek: string | null
}

const COMPARISONS: readonly string[] = ['previous_period', 'year_over_year', 'custom']
const OWNED = ['period', 'date', 'from', 'to', 'comparison', 'compare_from', 'compare_to']
const ALL_OWNED = new Set([...OWNED, 'match_day_of_week', 'with_imported', 'f', 'l'])

export function readState(search: string, preferences: Preferences, calendar: Calendar): DashboardState {
  const params = parseSearch(search)
  const choice = readPeriod(params, preferences, calendar)
  return {
    ...choice,
    ...readComparison(params, preferences, choice.period),
    matchDayOfWeek: (param(params, 'match_day_of_week') ?? preferences.matchDayOfWeek) !== 'false',
    withImported: param(params, 'with_imported') !== 'false',
    filters: parseFilters(params),
    labels: parseLabels(params),
  }
}

function readPeriod(params: Params, preferences: Preferences, calendar: Calendar): PeriodChoice {
  const asked = param(params, 'period')
  const from = dayParam(params, 'from')
  const to = dayParam(params, 'to')
  if (asked === 'custom' && from && to) return customChoice(from, to, calendar)
  const period = isPeriod(asked) && asked !== 'custom' ? asked : defaultPeriod(preferences, calendar)
  const date = dayParam(params, 'date')
  return { period, date: date === calendar.today ? null : date, from: null, to: null }
}

function defaultPeriod({ period }: Preferences, { today, statsBegin }: Calendar): Period {
  if (isPeriod(period) && period !== 'custom' && period !== 'realtime') return period
  return statsBegin >= addDays(today, -1) ? 'day' : '28d'
}

function readComparison(
  params: Params,
  preferences: Preferences,
  period: Period,
): Pick<DashboardState, 'comparison' | 'compareFrom' | 'compareTo'> {
  const off = { comparison: null, compareFrom: null, compareTo: null }
  const mode = param(params, 'comparison') ?? preferences.comparison
  if (!isComparable(period) || mode === null || !COMPARISONS.includes(mode)) return off
  if (mode !== 'custom') return { ...off, comparison: mode as Comparison }
  const compareFrom = dayParam(params, 'compare_from')
  const compareTo = dayParam(params, 'compare_to')
  return compareFrom && compareTo ? { comparison: 'custom', compareFrom, compareTo } : off
}

export function isComparable(period: Period): boolean {
  return period !== 'realtime' && period !== 'all'
}

function dayParam(params: Params, key: string): IsoDay | null {
  const text = param(params, key)
  return isIsoDay(text) ? text : null
}

/** The search string (without `?`) that says `state`; parameters of other rooms, such as `theme`, are kept. */
export function writeState(state: DashboardState, search: string): string {
  const kept = parseSearch(search).filter(([key]) => !ALL_OWNED.has(key))
  const pairs: [string, string][] = [['period', state.period]]
  const add = (key: string, value: string | null) => value !== null && pairs.push([key, encode(value)])
  add('date', state.date)
  add('from', state.from)
  add('to', state.to)
  if (isComparable(state.period)) {
    add('comparison', state.comparison ?? 'off')
    add('compare_from', state.compareFrom)
    add('compare_to', state.compareTo)
    if (state.comparison !== null) add('match_day_of_week', String(state.matchDayOfWeek))
  }
  if (!state.withImported) add('with_imported', 'false')
  for (const filter of state.filters) pairs.push(['f', writeFilter(filter)])
  for (const [code, label] of usedLabels(state)) pairs.push(['l', `${encode(code)},${encode(label)}`])
  return [...pairs, ...kept].map(([key, raw]) => `${encode(key)}=${raw}`).join('&')
}

/** Labels of codes no filter uses any more would only make the address longer. */
function usedLabels({ filters, labels }: DashboardState): [string, string][] {
  const codes = new Set(
    filters.flatMap((f) => (f.dimension === 'segment' ? f.clauses.map((c) => `segment-${c}`) : f.clauses)),
  )
  return Object.entries(labels).filter(([code]) => codes.has(code))
}
