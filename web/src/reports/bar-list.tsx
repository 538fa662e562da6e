/** A short list with a bar behind each row. A row is a link to the dashboard narrowed to it. */

import type { ComponentChildren } from 'preact'
import type { Metric } from '../api/answer.ts'
import { formatValue } from '../charts/format.ts'
import { Change } from '../ui/change.tsx'
import { Icon } from '../ui/icons.tsx'
import { type ListRow, trimMiddle } from './rows.ts'

const NAME_LENGTH_MAX = 64

interface BarListProps {
  column: string
  metrics: readonly { metric: Metric; label: string }[]
  rows: readonly ListRow[]
  isStale: boolean
  hrefOf: (row: ListRow) => string
  onChoose: (row: ListRow) => void
  externalOf?: (row: ListRow) => string | null
  iconOf?: (row: ListRow) => ComponentChildren
}

/** A plain click stays on the page; a modified click opens the link the way the reader asked for. */
export function onPlainClick(run: () => void) {
  return (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    run()
  }
}

export function BarList(props: BarListProps) {
  const { column, metrics, rows, isStale, iconOf } = props
  const isCompared = rows.some(({ change }) => change !== null)
  return (
    <table class={`bars ${isCompared ? 'compared' : ''} ${isStale ? 'stale' : ''}`} aria-busy={isStale}>
      <thead>
        <tr>
          <th scope="col">{column}</th>
          {metrics.map(({ metric, label }) => (
            <th key={metric} scope="col" class={`number m-${metric}`}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row" class="bar-name">
              <span class="bar" style={{ width: `${Math.max(row.share * 100, 0.8)}%` }} />
              <a
                class="bar-link"
                href={props.hrefOf(row)}
                onClick={onPlainClick(() => props.onChoose(row))}
                title={row.name}
              >
                {iconOf?.(row)}
                <span class="bar-text">{trimMiddle(row.name, NAME_LENGTH_MAX)}</span>
              </a>
              <External url={props.externalOf?.(row) ?? null} />
            </th>
            {metrics.map(({ metric }, index) => (
              <Figure key={metric} metric={metric} index={index} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function External({ url }: { url: string | null }) {
  if (!url) return null
  return (
    <a class="bar-external" href={url} target="_blank" rel="noreferrer noopener" aria-label={`Open ${url}`}>
      <Icon name="external" size={14} />
    </a>
  )
}

function Figure({ metric, index, row }: { metric: Metric; index: number; row: ListRow }) {
  const value = row.metrics[index] ?? null
  const previous = row.previous?.[index]
  const before = previous === undefined ? '' : ` · before: ${formatValue(metric, previous, 'long')}`
  return (
    <td class={`number m-${metric}`} title={formatValue(metric, value, 'long') + before}>
      {index === 0 && <Change metric={metric} change={row.change?.[0] ?? null} />}
      <span class="figure">{formatValue(metric, value)}</span>
    </td>
  )
}
