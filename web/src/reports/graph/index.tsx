/** The first card: totals above, their course below. */

import { useMemo, useState } from 'preact/hooks'
import type { Metric } from '../../api/answer.ts'
import { notKnown } from '../../api/known.ts'
import { statsQuery } from '../../api/query.ts'
import { useStats } from '../../api/use-stats.ts'
import { serverNowMs, useBoot } from '../../boot.ts'
import { LineChart } from '../../charts/line-chart.tsx'
import { drillDown, pointsOf } from '../../charts/series.ts'
import { wallClock } from '../../state/days.ts'
import { useShortcut } from '../../state/shortcuts.ts'
import { recall, remember } from '../../state/storage.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Failure } from '../../ui/states.tsx'
import { TopStats } from '../top-stats/index.tsx'
import { graphMetric, tilesFor } from '../top-stats/tiles.ts'
import { GraphTable } from './graph-table.tsx'
import { type IntervalChoice, useInterval } from './use-interval.ts'

const NO_VISITORS = 'This site is counted without identifiers: visitors and visits are not counted.'
const INTERVAL_NAMES = {
  minute: 'Minutes',
  hour: 'Hours',
  day: 'Days',
  week: 'Weeks',
  month: 'Months',
} as const

export function Graph() {
  const { domain, goals, countsVisitors } = useBoot()
  const { state } = useDashboard()
  const [remembered, setMetric] = useState(() => recall('metric', domain))
  const [isTable, setTable] = useState(false)
  const intervals = useInterval()
  const hasRevenue = goals.some(({ currency }) => currency !== null)
  const tiles = tilesFor(state, hasRevenue, countsVisitors)
  const { metric, label } = graphMetric(tiles, remembered)
  const choose = (next: Metric) => {
    remember('metric', domain, next)
    setMetric(next)
  }
  useShortcut('i', () => {
    const at = intervals.allowed.indexOf(intervals.interval)
    intervals.choose(intervals.allowed[(at + 1) % intervals.allowed.length] ?? intervals.interval)
  })
  return (
    <section class="card graph" aria-label="Totals and graph">
      <TopStats tiles={tiles} chosen={metric} onChoose={choose} />
      <div class="graph-bar">
        <h2 class="graph-title">{label}</h2>
        <button
          type="button"
          class="icon-button"
          aria-pressed={isTable}
          aria-label={isTable ? 'Show the graph' : 'Show the figures as a table'}
          title={isTable ? 'Graph' : 'Table'}
          onClick={() => setTable(!isTable)}
        >
          <Icon name={isTable ? 'chart' : 'table'} />
        </button>
        <IntervalMenu {...intervals} />
      </div>
      <Course metric={metric} label={label} intervals={intervals} isTable={isTable} />
    </section>
  )
}

function IntervalMenu({ interval, allowed, choose }: IntervalChoice) {
  if (allowed.length < 2) return <span class="graph-interval">{INTERVAL_NAMES[interval]}</span>
  return (
    <Menu label={INTERVAL_NAMES[interval]} name="Graph interval" class="button small">
      {allowed.map((one) => (
        <MenuItem key={one} isChosen={one === interval} onSelect={() => choose(one)}>
          {INTERVAL_NAMES[one]}
        </MenuItem>
      ))}
    </Menu>
  )
}

interface CourseProps {
  metric: Metric
  label: string
  intervals: IntervalChoice
  isTable: boolean
}

function Course({ metric, label, intervals: { interval }, isTable }: CourseProps) {
  const { timezone, countsVisitors } = useBoot()
  const { state, update } = useDashboard()
  const load = useStats(
    statsQuery(state, {
      metrics: [metric],
      dimensions: [`time:${interval}`],
      timeLabels: true,
      realtimeMinutes: 30,
    }),
  )
  const answer = load.state === 'ready' ? load.value : null
  const points = useMemo(() => {
    const nowLocal = wallClock(serverNowMs(), timezone)
    return answer ? pointsOf(answer, { metric, interval, nowLocal }) : []
  }, [answer, metric, interval, timezone])
  if (load.state === 'failed') return <Failure error={load.error} retry={load.retry} />
  if (load.state === 'loading') return <div class="chart-wait skeleton" role="status" aria-label="Loading" />
  const isDrillable = interval === 'day' || interval === 'month'
  const choose = (bucket: string) => {
    const change = drillDown(bucket, interval)
    if (change) update({ ...change, from: null, to: null })
  }
  const View = isTable ? GraphTable : LineChart
  const notes = [load.value.meta.imports_warning, notKnown(load.value), countsVisitors ? null : NO_VISITORS]
  return (
    <div class={load.isStale ? 'stale' : ''}>
      {notes.map(
        (note) =>
          note && (
            <p key={note} class="graph-note">
              {note}
            </p>
          ),
      )}
      <View
        points={points}
        metric={metric}
        label={label}
        interval={interval}
        onChoose={isDrillable ? choose : null}
      />
    </div>
  )
}
