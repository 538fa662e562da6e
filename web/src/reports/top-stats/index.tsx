/** The totals. Each is a button that draws its metric in the graph below. */

import type { Metric, Row } from '../../api/answer.ts'
import { statsQuery } from '../../api/query.ts'
import { useCurrentVisitors, useStats } from '../../api/use-stats.ts'
import { useBoot } from '../../boot.ts'
import { formatValue } from '../../charts/format.ts'
import { rangeLabel } from '../../state/period-label.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Change } from '../../ui/change.tsx'
import { Failure } from '../../ui/states.tsx'
import type { Tile } from './tiles.ts'

interface TopStatsProps {
  tiles: readonly Tile[]
  chosen: Metric
  onChoose: (metric: Metric) => void
}

export function TopStats({ tiles, chosen, onChoose }: TopStatsProps) {
  const { countsVisitors } = useBoot()
  const { state, calendar } = useDashboard()
  const metrics = tiles.map(({ metric }) => metric)
  const load = useStats(statsQuery(state, { metrics, compareAlways: true, realtimeMinutes: 30 }))
  if (load.state === 'failed') return <Failure error={load.error} retry={load.retry} />
  const row = load.state === 'ready' ? load.value.results[0] : undefined
  const range = load.state === 'ready' ? load.value.meta.comparison_date_range : undefined
  const compared = range
    ? rangeLabel({ from: range[0].slice(0, 10), to: range[1].slice(0, 10) }, calendar.today)
    : null
  return (
    <div class={`tiles ${load.state === 'ready' && load.isStale ? 'stale' : ''}`}>
      {state.period === 'realtime' && countsVisitors && <CurrentTile />}
      {tiles.map(({ metric, label }, index) => (
        <button
          key={metric}
          type="button"
          class="tile"
          aria-pressed={metric === chosen}
          onClick={() => onChoose(metric)}
          title={titleOf(metric, row, index, compared)}
        >
          <span class="tile-label">{label}</span>
          <span class="tile-figure">
            {row ? (
              <>
                <span class="tile-value">{formatValue(metric, row.metrics[index] ?? null)}</span>
                <Change metric={metric} change={row.comparison?.change[index] ?? null} />
              </>
            ) : (
              <span class="skeleton tile-wait" />
            )}
          </span>
          {state.comparison !== null && row?.comparison && (
            <span class="tile-before">vs. {formatValue(metric, row.comparison.metrics[index] ?? null)}</span>
          )}
        </button>
      ))}
    </div>
  )
}

function titleOf(
  metric: Metric,
  row: Row | undefined,
  index: number,
  compared: string | null,
): string | undefined {
  if (!row) return undefined
  const now = formatValue(metric, row.metrics[index] ?? null, 'long')
  if (!row.comparison) return now
  const before = formatValue(metric, row.comparison.metrics[index] ?? null, 'long')
  return `${now}, before ${before}${compared ? ` (${compared})` : ''}`
}

function CurrentTile() {
  const load = useCurrentVisitors()
  return (
    <div class="tile still">
      <span class="tile-label">
        <span class="pulse" />
        Current visitors
      </span>
      <span class="tile-figure">
        {load.state === 'ready' ? (
          <span class="tile-value">{formatValue('visitors', load.value)}</span>
        ) : (
          <span class="skeleton tile-wait" />
        )}
      </span>
    </div>
  )
}
