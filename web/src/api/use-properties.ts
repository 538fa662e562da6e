/** The custom properties of the site: those its owner lists, or those that were seen. */

import { useQuery } from '@tanstack/react-query'
import { useBoot } from '../boot.ts'
import { getSuggestions } from './client.ts'

const PERIOD = '12mo' // A property that was seen this year is worth offering.
const FRESH_MS = 300_000

/** Empty while the answer is under way, and when there is none: the page is whole without properties. */
export function useProperties(): readonly string[] {
  const boot = useBoot()
  const { data } = useQuery({
    queryKey: ['properties', boot.domain],
    queryFn: ({ signal }) => getSuggestions(boot, 'prop_key', PERIOD, signal),
    enabled: boot.props === null,
    staleTime: FRESH_MS,
    retry: false,
  })
  return boot.props ?? data?.map(({ value }) => value) ?? NONE
}

const NONE: readonly string[] = []
