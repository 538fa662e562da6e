import type { Metric } from '../../api/answer.ts'
import { useBoot } from '../../boot.ts'
import { formatValue } from '../../charts/format.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Change } from '../../ui/change.tsx'
import { Icon } from '../../ui/icons.tsx'
import { onPlainClick } from '../bar-list.tsx'
import { RowIcon } from '../row-icon.tsx'
import { externalUrl, type ListRow, trimMiddle } from '../rows.ts'
import type { Order } from './order.ts'
import type { Subject } from './subject.ts'

const NAME_LENGTH_MAX = 90

interface DetailsTableProps {
  subject: Subject
  rows: readonly ListRow[]
  order: Order
  isStale: boolean
  onOrder: (metric: Metric) => void
  onChoose: (row: ListRow) => void
}

export function DetailsTable(props: DetailsTableProps) {
  const { subject, rows, isStale } = props
  return (
    <table class={`details ${isStale ? 'stale' : ''}`}>
      <thead>
        <tr>
          <th scope="col">{subject.column}</th>
          {subject.metrics.map((metric, index) => (
            <Heading key={metric} {...props} metric={metric} label={subject.labels[index] ?? metric} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <DetailsRow key={row.key} {...props} row={row} />
        ))}
      </tbody>
    </table>
  )
}

function Heading({ metric, label, order, onOrder }: DetailsTableProps & { metric: Metric; label: string }) {
  const isOrdered = order[0] === metric
  const sort = order[1] === 'asc' ? 'ascending' : 'descending'
  return (
    <th scope="col" class={`number m-${metric}`} aria-sort={isOrdered ? sort : 'none'}>
      <button type="button" class="sort" onClick={() => onOrder(metric)}>
        {label}
        <span class={isOrdered ? 'sort-arrow' : 'sort-arrow idle'}>
          <Icon name={isOrdered && order[1] === 'asc' ? 'up' : 'down'} size={12} />
        </span>
      </button>
    </th>
  )
}

function DetailsRow({ subject, row, onChoose }: DetailsTableProps & { row: ListRow }) {
  const { domain } = useBoot()
  const { filterHref } = useDashboard()
  const url = subject.report ? externalUrl(subject.report, row.name, domain) : null
  return (
    <tr>
      <th scope="row">
        <span class="details-name">
          <a
            href={filterHref(row.filter, row.labels)}
            onClick={onPlainClick(() => onChoose(row))}
            title={row.name}
          >
            {subject.report && <RowIcon report={subject.report} row={row} />}
            <span class="bar-text">{trimMiddle(row.name, NAME_LENGTH_MAX)}</span>
          </a>
          {url && (
            <a
              class="bar-external"
              href={url}
              target="_blank"
              rel="noreferrer noopener"
              aria-label={`Open ${url}`}
            >
              <Icon name="external" size={14} />
            </a>
          )}
        </span>
      </th>
      {subject.metrics.map((metric, index) => (
        <td
          key={metric}
          class={`number m-${metric}`}
          title={formatValue(metric, row.metrics[index] ?? null, 'long')}
        >
          <Change metric={metric} change={row.change?.[index] ?? null} />
          {formatValue(metric, row.metrics[index] ?? null)}
        </td>
      ))}
    </tr>
  )
}
