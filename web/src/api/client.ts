/** The only module that talks to the server. */

import type { FunnelAnswer, StatsAnswer, StatsQuery } from './answer.ts'
import { ApiError, errorOf } from './errors.ts'

export interface Connection {
  domain: string
  sharedLinkAuth: string | null
}

export function postQuery(to: Connection, query: StatsQuery, signal: AbortSignal): Promise<StatsAnswer> {
  const init = { method: 'POST', body: JSON.stringify(query), signal }
  return request(to, 'query', init) as Promise<StatsAnswer>
}

export function postFunnel(
  to: Connection,
  id: number,
  query: StatsQuery,
  signal: AbortSignal,
): Promise<FunnelAnswer> {
  const init = { method: 'POST', body: JSON.stringify(query), signal }
  return request(to, `funnels/${id}`, init) as Promise<FunnelAnswer>
}

export interface Suggestion {
  value: string
  label: string
}

export function getSuggestions(
  to: Connection,
  name: string,
  period: string,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const search = new URLSearchParams({ q: '', period })
  return request(to, `suggestions/${encodeURIComponent(name)}?${search}`, { signal }) as Promise<
    readonly Suggestion[]
  >
}

export function getCurrentVisitors(to: Connection, signal: AbortSignal): Promise<number | null> {
  return request(to, 'current-visitors', { signal }) as Promise<number | null>
}

async function request(to: Connection, path: string, init: RequestInit): Promise<unknown> {
  const url = `/api/stats/${encodeURIComponent(to.domain)}/${path}`
  const response = await fetch(url, { ...init, headers: headersOf(to), credentials: 'same-origin' }).catch(
    (problem: unknown) => {
      if (problem instanceof DOMException && problem.name === 'AbortError') throw problem
      throw new ApiError('The server cannot be reached. Check your connection.', 0)
    },
  )
  if (!response.ok) throw await errorOf(response)
  return response.json()
}

function headersOf({ sharedLinkAuth }: Connection): HeadersInit {
  return {
    'Content-Type': 'application/json',
    ...(sharedLinkAuth ? { 'X-Shared-Link-Auth': sharedLinkAuth } : {}),
  }
}
