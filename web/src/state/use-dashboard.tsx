/** The dashboard's state for components: what the address bar says, and the one way to change it. */

import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useMemo } from 'preact/hooks'
import { useLocation, useSearch } from 'wouter'
import { useBoot, useCalendar } from '../boot.ts'
import { type DashboardState, readState, writeState } from './dashboard-state.ts'
import { type Filter, limitedTo, withFilter } from './filters.ts'
import type { Calendar } from './period.ts'
import { recall, remember } from './storage.ts'

export interface Dashboard {
  state: DashboardState
  calendar: Calendar
  /** Change parts of the state; the rest, and the open modal, stay. */
  update: (changes: Partial<DashboardState>) => void
  /** Change the state from a modal and close it: going back skips the modal. */
  closeWith: (changes: Partial<DashboardState>) => void
  /** Narrow to one value and close any modal. Labels name codes such as `DE`. */
  filterBy: (filter: Filter, labels?: Readonly<Record<string, string>>) => void
  /** Open a sub-route such as `/pages`; `/` closes it. The state stays. */
  open: (route: string) => void
  /** Where `filterBy` and `open` lead, for links that can be copied and opened in a new tab. */
  filterHref: (filter: Filter, labels?: Readonly<Record<string, string>>) => string
  routeHref: (route: string) => string
  route: string
}

const DashboardContext = createContext<Dashboard | null>(null)

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext)
  if (!dashboard) throw new Error('useDashboard is for components under DashboardProvider.')
  return dashboard
}

function preferencesOf(domain: string) {
  return {
    period: recall('period', domain),
    comparison: recall('comparison_mode', domain),
    matchDayOfWeek: recall('comparison_match_day_of_week', domain),
  }
}

function rememberChanges(domain: string, changes: Partial<DashboardState>, next: DashboardState): void {
  const isPassing = next.period === 'custom' || next.period === 'realtime'
  if (changes.period !== undefined && !isPassing && next.date === null)
    remember('period', domain, next.period)
  if (changes.comparison !== undefined && changes.comparison !== 'custom') {
    remember('comparison_mode', domain, changes.comparison ?? 'off')
  }
  if (changes.matchDayOfWeek !== undefined) {
    remember('comparison_match_day_of_week', domain, String(changes.matchDayOfWeek))
  }
}

/** `/example.com?…` or `/example.com/pages?…`: no slash at the end of the dashboard's own path. */
function addressOf(basePath: string, route: string, search: string): string {
  return basePath + (route === '/' ? '' : route) + (search ? `?${search}` : '')
}

export function DashboardProvider({ children }: { children: ComponentChildren }) {
  const { domain, basePath, limitedToSegment } = useBoot()
  const calendar = useCalendar()
  const search = useSearch()
  const [route, navigate] = useLocation()
  const state = useMemo(() => {
    const read = readState(search, preferencesOf(domain), calendar)
    return limitedToSegment ? limitedTo(read, limitedToSegment) : read
  }, [search, domain, calendar, limitedToSegment])

  const searchOf = useCallback(
    (changes: Partial<DashboardState>) => writeState({ ...state, ...changes }, search),
    [state, search],
  )
  const filterSearch = useCallback(
    (filter: Filter, labels: Readonly<Record<string, string>> = {}) =>
      searchOf({ filters: withFilter(state.filters, filter), labels: { ...state.labels, ...labels } }),
    [state, searchOf],
  )
  const update = useCallback(
    (changes: Partial<DashboardState>) => {
      rememberChanges(domain, changes, { ...state, ...changes })
      navigate(`~${addressOf(basePath, route, searchOf(changes))}`)
    },
    [domain, basePath, state, navigate, route, searchOf],
  )
  const closeWith = useCallback(
    (changes: Partial<DashboardState>) =>
      navigate(`~${addressOf(basePath, '/', searchOf(changes))}`, { replace: true }),
    [basePath, navigate, searchOf],
  )
  const filterHref = useCallback(
    (filter: Filter, labels?: Readonly<Record<string, string>>) =>
      addressOf(basePath, '/', filterSearch(filter, labels)),
    [basePath, filterSearch],
  )
  const filterBy = useCallback(
    (filter: Filter, labels?: Readonly<Record<string, string>>) => navigate(`~${filterHref(filter, labels)}`),
    [navigate, filterHref],
  )
  const routeHref = useCallback((to: string) => addressOf(basePath, to, search), [basePath, search])
  const open = useCallback((to: string) => navigate(`~${routeHref(to)}`), [navigate, routeHref])

  const value = useMemo(
    () => ({ state, calendar, update, closeWith, filterBy, open, filterHref, routeHref, route }),
    [state, calendar, update, closeWith, filterBy, open, filterHref, routeHref, route],
  )
  return <DashboardContext.Provider value={value}>{children}</DashboardContext.Provider>
}
