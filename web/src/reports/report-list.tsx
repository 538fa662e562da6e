/** One report as a short list: asks, waits, draws. */

import { whyEmpty } from '../api/known.ts'
import { statsQuery } from '../api/query.ts'
import { useStats } from '../api/use-stats.ts'
import { useBoot } from '../boot.ts'
import type { Filter } from '../state/filters.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Empty, Failure, SkeletonRows } from '../ui/states.tsx'
import { BarList } from './bar-list.tsx'
import { knownMetrics, listMetrics, metricLabel, REPORTS, type ReportId } from './definitions.ts'
import { RowIcon } from './row-icon.tsx'
import { externalUrl, type ListRow, listRows } from './rows.ts'

export const LIST_ROWS_MAX = 9

interface ReportListProps {
  id: ReportId
  isEnabled: boolean
  /** Runs after the filter is set, to move to the next tab of a drill-down. */
  onChosen?: (filter: Filter) => void
}

export function ReportList({ id, isEnabled, onChosen }: ReportListProps) {
  const report = REPORTS[id]
  const boot = useBoot()
  const { state, filterBy, filterHref } = useDashboard()
  const metrics = knownMetrics(listMetrics(state), boot, report)
  const query = statsQuery(state, {
    metrics,
    dimensions: report.groupBy,
    orderBy: [[metrics[0], 'desc']],
    page: { limit: LIST_ROWS_MAX, offset: 0 },
  })
  const load = useStats(query, { isEnabled })
  if (load.state === 'loading') return <SkeletonRows />
  if (load.state === 'failed') return <Failure error={load.error} retry={load.retry} />
  if (load.value.results.length === 0) return <Empty {...whyEmpty(load.value)} />
  const choose = (row: ListRow) => {
    filterBy(row.filter, row.labels)
    onChosen?.(row.filter)
  }
  return (
    <BarList
      column={report.column}
      metrics={metrics.map((metric) => ({ metric, label: metricLabel(metric, report, state) }))}
      rows={listRows(report, load.value.results)}
      isStale={load.isStale}
      hrefOf={(row) => filterHref(row.filter, row.labels)}
      onChoose={choose}
      externalOf={(row) => externalUrl(report, row.name, boot.domain)}
      iconOf={(row) => <RowIcon report={report} row={row} />}
    />
  )
}
