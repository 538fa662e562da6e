/** One hook per endpoint. Requests end when nobody waits for them any more, because the query client owns the signal. */

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useConnection } from '../boot.ts'
import type { FunnelAnswer, StatsAnswer, StatsQuery } from './answer.ts'
import { getCurrentVisitors, postFunnel, postQuery } from './client.ts'
import type { ApiError } from './errors.ts'

export const REALTIME_SECONDS = 30
const FRESH_MS = 30_000

export type Load<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T; isStale: boolean }
  | { state: 'failed'; error: ApiError; retry: () => void }

export interface StatsOptions {
  isEnabled?: boolean
}

/** Answers `query`; while a changed query of the same shape is under way, the previous answer stays, marked stale. */
export function useStats(query: StatsQuery, { isEnabled = true }: StatsOptions = {}): Load<StatsAnswer> {
  const connection = useConnection()
  const isRealtime = String(query.date_range).startsWith('realtime')
  const shape = JSON.stringify([query.metrics, query.dimensions])
  const result = useQuery<StatsAnswer, ApiError>({
    queryKey: ['query', connection.domain, shape, query],
    queryFn: ({ signal }) => postQuery(connection, query, signal),
    enabled: isEnabled,
    staleTime: FRESH_MS,
    refetchInterval: isRealtime ? REALTIME_SECONDS * 1000 : false,
    placeholderData: (previous, previousQuery) =>
      previousQuery?.queryKey[2] === shape ? previous : undefined,
  })
  return loadOf(result)
}

export function useFunnel(
  id: number,
  query: StatsQuery,
  { isEnabled = true }: StatsOptions = {},
): Load<FunnelAnswer> {
  const connection = useConnection()
  const result = useQuery<FunnelAnswer, ApiError>({
    queryKey: ['funnel', connection.domain, id, query],
    queryFn: ({ signal }) => postFunnel(connection, id, query, signal),
    enabled: isEnabled,
    staleTime: FRESH_MS,
    placeholderData: (previous, previousQuery) => (previousQuery?.queryKey[2] === id ? previous : undefined),
  })
  return loadOf(result)
}

/** Null where visitors are not counted. */
export function useCurrentVisitors({ isEnabled = true }: StatsOptions = {}): Load<number | null> {
  const connection = useConnection()
  const result = useQuery<number | null, ApiError>({
    queryKey: ['current-visitors', connection.domain],
    queryFn: ({ signal }) => getCurrentVisitors(connection, signal),
    enabled: isEnabled,
    refetchInterval: REALTIME_SECONDS * 1000,
  })
  return loadOf(result)
}

function loadOf<T>(result: UseQueryResult<T, ApiError>): Load<T> {
  if (result.data !== undefined)
    return { state: 'ready', value: result.data, isStale: result.isPlaceholderData }
  if (result.isError) return { state: 'failed', error: result.error, retry: () => void result.refetch() }
  return { state: 'loading' }
}
