/** The query endpoint page by page, for tables without an end in sight. */

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useConnection } from '../boot.ts'
import type { Row, StatsQuery } from './answer.ts'
import { postQuery } from './client.ts'
import type { ApiError } from './errors.ts'
import type { Load } from './use-stats.ts'

export interface StatsPages {
  load: Load<readonly Row[]>
  more: { load: () => void; isLoading: boolean } | null
}

export function useStatsPages(query: StatsQuery): StatsPages {
  const connection = useConnection()
  const limit = query.pagination?.limit ?? 100
  const result = useInfiniteQuery({
    queryKey: ['query-pages', connection.domain, query],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      postQuery(connection, { ...query, pagination: { limit, offset: pageParam } }, signal),
    getNextPageParam: (last, pages) => (last.results.length < limit ? undefined : pages.length * limit),
    placeholderData: keepPreviousData,
  })
  const more = result.hasNextPage
    ? { load: () => void result.fetchNextPage(), isLoading: result.isFetchingNextPage }
    : null
  return { load: loadOf(result), more }
}

function loadOf(result: {
  data: { pages: { results: readonly Row[] }[] } | undefined
  error: Error | null
  isPlaceholderData: boolean
  refetch: () => unknown
}): Load<readonly Row[]> {
  if (result.data) {
    return {
      state: 'ready',
      value: result.data.pages.flatMap((page) => page.results),
      isStale: result.isPlaceholderData,
    }
  }
  if (result.error) {
    return { state: 'failed', error: result.error as ApiError, retry: () => void result.refetch() }
  }
  return { state: 'loading' }
}
