/** A report in full: more columns, a search, any order, page after page. */

import { useRef, useState } from 'preact/hooks'
import type { ApiFilter } from '../../api/answer.ts'
import { statsQuery } from '../../api/query.ts'
import { useStatsPages } from '../../api/use-stats-pages.ts'
import { useBoot } from '../../boot.ts'
import { useShortcut } from '../../state/shortcuts.ts'
import { recall, remember } from '../../state/storage.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { useDebounced } from '../../ui/use-debounced.ts'
import { listRows, plainRows } from '../rows.ts'
import { DetailsTable } from './details-table.tsx'
import { nextOrder, parseOrder, writeOrder } from './order.ts'
import type { Subject } from './subject.ts'

const ROWS_A_PAGE = 100
const SEARCH_WAIT_MS = 300

export function Details({ subject }: { subject: Subject }) {
  const { open } = useDashboard()
  const [search, setSearch] = useState('')
  const wanted = useDebounced(search.trim(), SEARCH_WAIT_MS)
  const toolbar = subject.searchBy !== null && <Search value={search} onInput={setSearch} />
  return (
    <Dialog title={subject.title} width="wide" onClose={() => open('/')} toolbar={toolbar}>
      <Results subject={subject} search={wanted} />
    </Dialog>
  )
}

function Search({ value, onInput }: { value: string; onInput: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  useShortcut('/', () => input.current?.focus(), { evenInDialogs: true })
  return (
    <label class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        value={value}
        placeholder="Press / to search"
        aria-label="Search"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  )
}

function searchFilter(subject: Subject, search: string): ApiFilter[] {
  if (search === '' || subject.searchBy === null) return []
  return [['contains', subject.searchBy, [search], { case_sensitive: false }]]
}

function Results({ subject, search }: { subject: Subject; search: string }) {
  const { domain } = useBoot()
  const { state, filterBy } = useDashboard()
  const key = `order_${subject.id}_by` as const
  const [order, setOrder] = useState(() => parseOrder(recall(key, domain), subject.metrics))
  const query = statsQuery(state, {
    metrics: subject.metrics,
    dimensions: subject.groupBy,
    extraFilters: searchFilter(subject, search),
    orderBy: [order],
    page: { limit: ROWS_A_PAGE, offset: 0 },
    realtimeMinutes: subject.realtimeMinutes,
  })
  const { load, more } = useStatsPages(query)
  if (load.state === 'loading') return <SkeletonRows />
  if (load.state === 'failed') return <Failure error={load.error} retry={load.retry} />
  if (load.value.length === 0) return <Empty text={search ? 'Nothing matches the search' : 'No data yet'} />
  const rows = subject.report
    ? listRows(subject.report, load.value)
    : plainRows(subject.dimension, load.value)
  return (
    <div class="dialog-scroll">
      <DetailsTable
        subject={subject}
        rows={rows}
        order={order}
        isStale={load.isStale}
        onOrder={(metric) => {
          const next = nextOrder(order, metric)
          remember(key, domain, writeOrder(next))
          setOrder(next)
        }}
        onChoose={(row) => filterBy(row.filter, row.labels)}
      />
      {more && (
        <button type="button" class="button more" onClick={more.load} disabled={more.isLoading}>
          {more.isLoading ? 'Loading…' : 'Load more'}
        </button>
      )}
    </div>
  )
}
