/** The graph as a table: for screen readers, for keyboards, and for anyone who wants the figures. */

import type { Metric } from '../../api/answer.ts'
import { bucketLabel, pointTitle } from '../../charts/bucket-label.ts'
import { formatValue } from '../../charts/format.ts'
import type { Point } from '../../charts/series.ts'
import type { Interval } from '../../state/period.ts'

interface GraphTableProps {
  points: readonly Point[]
  metric: Metric
  label: string
  interval: Interval
  onChoose: ((label: string) => void) | null
}

export function GraphTable({ points, metric, label, interval, onChoose }: GraphTableProps) {
  const hasComparison = points.some(({ comparison }) => comparison !== null)
  return (
    <table class="graph-table">
      <caption class="visually-hidden">
        {label} by {interval}
      </caption>
      <thead>
        <tr>
          <th scope="col">{interval}</th>
          <th scope="col" class="number">
            {label}
          </th>
          {hasComparison && <th scope="col">Compared with</th>}
          {hasComparison && (
            <th scope="col" class="number">
              {label} then
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {points
          .filter(({ isFuture }) => !isFuture)
          .map(({ label: bucket, value, isPartial, comparison }) => (
            <tr key={bucket}>
              <th scope="row">
                {onChoose ? (
                  <button type="button" class="link" onClick={() => onChoose(bucket)}>
                    {pointTitle(bucket, interval, isPartial)}
                  </button>
                ) : (
                  pointTitle(bucket, interval, isPartial)
                )}
              </th>
              <td class="number">{formatValue(metric, value, 'long')}</td>
              {hasComparison && <td>{comparison ? bucketLabel(comparison.label, interval) : ''}</td>}
              {hasComparison && (
                <td class="number">{formatValue(metric, comparison?.value ?? null, 'long')}</td>
              )}
            </tr>
          ))}
      </tbody>
    </table>
  )
}
