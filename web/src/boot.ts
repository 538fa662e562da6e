/** What the server says once, in the page: the site, its reader, and the server's clock. */

import { createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import type { Connection } from './api/client.ts'
import { type IsoDay, wallClock } from './state/days.ts'
import type { Calendar } from './state/period.ts'

export interface Boot {
  domain: string
  basePath: string // `/example.com` or `/share/example.com`, as it stands in the address bar.
  timezone: string
  now: string // The server's instant, ISO 8601.
  statsBegin: IsoDay | null
  countsVisitors: boolean // False: counted without identifiers, so reports count events.
  role: 'owner' | 'admin' | 'editor' | 'viewer' | 'billing' | 'public' | 'super_admin'
  isLoggedIn: boolean
  isEmbedded: boolean
  sharedLinkAuth: string | null
  goals: readonly { name: string; currency: string | null }[]
  limitedToSegment: { id: number; name: string } | null
  funnels: readonly { id: number; name: string }[]
  props: readonly string[] | null // Null: every property may be shown, so ask which there are.
  segments: readonly { id: number; name: string; type: 'personal' | 'site' }[]
  sites: readonly { domain: string; path: string }[]
  sitesPath: string | null
  settingsPath: string | null
  loginPath: string | null
}

export function readBoot(): Boot {
  const element = document.getElementById('boot')
  if (!element?.textContent) throw new Error('The page carries no boot data.')
  return JSON.parse(element.textContent) as Boot
}

export const BootContext = createContext<Boot | null>(null)

export function useBoot(): Boot {
  const boot = useContext(BootContext)
  if (!boot) throw new Error('useBoot is for components under BootContext.')
  return boot
}

export function useConnection(): Connection {
  return useBoot()
}

let skewMs = 0

/** Remember how far this machine's clock is from the server's: the server decides what "today" is. */
export function setServerNow(now: string): void {
  const skew = Date.parse(now) - Date.now()
  skewMs = Number.isFinite(skew) ? skew : 0
}

export function serverNowMs(): number {
  return Date.now() + skewMs
}

/** The site's calendar. It is read when the page draws, so a page left open over midnight turns the day. */
export function useCalendar(): Calendar {
  const { timezone, statsBegin } = useBoot()
  const today = wallClock(serverNowMs(), timezone).slice(0, 10)
  return useMemo(() => ({ today, statsBegin: statsBegin ?? today }), [today, statsBegin])
}
