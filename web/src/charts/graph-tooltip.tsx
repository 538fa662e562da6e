import type { Metric } from '../api/answer.ts'
import type { Interval } from '../state/period.ts'
import { Change } from '../ui/change.tsx'
import { bucketLabel, pointTitle } from './bucket-label.ts'
import { formatValue } from './format.ts'
import type { Point } from './series.ts'

interface GraphTooltipProps {
  point: Point
  metric: Metric
  label: string
  interval: Interval
  hint: boolean
  left: number
  isRight: boolean
}

export function GraphTooltip({ point, metric, label, interval, hint, left, isRight }: GraphTooltipProps) {
  const { comparison } = point
  if (point.isFuture && !comparison) return null
  return (
    <div class={`tooltip graph-tooltip ${isRight ? 'right' : ''}`} style={{ left: `${left}px` }}>
      <div class="tooltip-head">
        <strong>{label}</strong>
        {comparison && <Change metric={metric} change={comparison.change} />}
      </div>
      {!point.isFuture && (
        <div class="tooltip-row">
          <span class="dot" />
          <span>{pointTitle(point.label, interval, point.isPartial)}</span>
          <b>{formatValue(metric, point.value, 'long')}</b>
        </div>
      )}
      {comparison && (
        <div class="tooltip-row before">
          <span class="dot" />
          <span>{bucketLabel(comparison.label, interval)}</span>
          <b>{formatValue(metric, comparison.value, 'long')}</b>
        </div>
      )}
      {hint && !point.isFuture && <div class="tooltip-hint">Click to view this {interval}</div>}
    </div>
  )
}
