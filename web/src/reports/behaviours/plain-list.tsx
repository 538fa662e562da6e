/** Goals or the values of a property: rows whose value is their name. */

import type { Metric } from '../../api/answer.ts'
import { statsQuery } from '../../api/query.ts'
import { useStats } from '../../api/use-stats.ts'
import type { Filter } from '../../state/filters.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { BarList } from '../bar-list.tsx'
import { LIST_ROWS_MAX } from '../report-list.tsx'
import { plainRows } from '../rows.ts'

interface PlainListProps {
  column: string
  dimension: string
  groupBy: string
  metrics: readonly Metric[]
  labels: Partial<Record<Metric, string>>
  isEnabled: boolean
  onChosen?: (filter: Filter) => void
}

export function PlainList({
  column,
  dimension,
  groupBy,
  metrics,
  labels,
  isEnabled,
  onChosen,
}: PlainListProps) {
  const { state, filterBy, filterHref } = useDashboard()
  const query = statsQuery(state, {
    metrics,
    dimensions: [groupBy],
    page: { limit: LIST_ROWS_MAX, offset: 0 },
    realtimeMinutes: 30,
  })
  const load = useStats(query, { isEnabled })
  if (load.state === 'loading') return <SkeletonRows count={5} />
  if (load.state === 'failed') return <Failure error={load.error} retry={load.retry} />
  if (load.value.results.length === 0) return <Empty />
  return (
    <BarList
      column={column}
      metrics={metrics.map((metric) => ({ metric, label: labels[metric] ?? metric }))}
      rows={plainRows(dimension, load.value.results)}
      isStale={load.isStale}
      hrefOf={(row) => filterHref(row.filter)}
      onChoose={(row) => {
        filterBy(row.filter)
        onChosen?.(row.filter)
      }}
    />
  )
}
