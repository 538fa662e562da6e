/** What visitors did: goals they reached, and the properties of what they did. */

import { useState } from 'preact/hooks'
import type { Metric } from '../../api/answer.ts'
import { statsQuery } from '../../api/query.ts'
import { useProperties } from '../../api/use-properties.ts'
import { useStats } from '../../api/use-stats.ts'
import { useBoot } from '../../boot.ts'
import { type Filter, hasGoalFilter } from '../../state/filters.ts'
import { recall, remember } from '../../state/storage.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { BarList } from '../bar-list.tsx'
import { Panel } from '../panel.tsx'
import { LIST_ROWS_MAX } from '../report-list.tsx'
import { plainRows } from '../rows.ts'
import { useTab } from '../use-tab.ts'
import { goalMetrics, goalProperty, propertyMetrics } from './metrics.ts'

const IDS = ['goals', 'properties'] as const
const TABS = [
  { id: 'goals', label: 'Goals' },
  { id: 'properties', label: 'Properties' },
] as const

export function Behaviours() {
  const { domain, goals } = useBoot()
  const props = useProperties()
  const { state } = useDashboard()
  const [tab, setTab] = useTab('behavioursTab', IDS, goals.length > 0 ? 'goals' : 'properties')
  const [remembered, setProperty] = useState(() => recall('prop_key', domain))
  if (goals.length === 0 && props.length === 0) return null
  const special = goalProperty(state.filters)
  const property = special ?? props.find((key) => key === remembered) ?? props[0] ?? null
  const choose = (key: string) => {
    remember('prop_key', domain, key)
    setProperty(key)
  }
  const isProperties = tab === 'properties'
  const details = property ? `/custom-prop-values/${encodeURIComponent(property)}` : null
  return (
    <Panel
      title="Behaviours"
      class="wide"
      tabs={TABS}
      chosen={tab}
      onChoose={setTab}
      extra={
        isProperties &&
        !special &&
        property && <PropertyMenu chosen={property} keys={props} onChoose={choose} />
      }
      detailsRoute={isProperties ? details : '/conversions'}
    >
      {(isSeen) => {
        if (!isProperties)
          return <Goals isEnabled={isSeen} onChosen={() => props.length > 0 && setTab('properties')} />
        return property ? (
          <Properties property={property} isEnabled={isSeen} />
        ) : (
          <Empty text="No properties yet" />
        )
      }}
    </Panel>
  )
}

function PropertyMenu(props: { chosen: string; keys: readonly string[]; onChoose: (key: string) => void }) {
  return (
    <Menu label={props.chosen} name="Property" class="button small">
      {props.keys.map((key) => (
        <MenuItem key={key} isChosen={key === props.chosen} onSelect={() => props.onChoose(key)}>
          {key}
        </MenuItem>
      ))}
    </Menu>
  )
}

const GOAL_LABELS: Partial<Record<Metric, string>> = {
  visitors: 'Uniques',
  events: 'Total',
  conversion_rate: 'CR',
  percentage: '%',
  total_revenue: 'Revenue',
  average_revenue: 'Average',
}

function Goals({ isEnabled, onChosen }: { isEnabled: boolean; onChosen: () => void }) {
  const { goals } = useBoot()
  const hasRevenue = goals.some(({ currency }) => currency !== null)
  return (
    <PlainList
      column="Goal"
      dimension="goal"
      groupBy="event:goal"
      metrics={goalMetrics(hasRevenue)}
      labels={GOAL_LABELS}
      isEnabled={isEnabled}
      onChosen={onChosen}
    />
  )
}

function Properties({ property, isEnabled }: { property: string; isEnabled: boolean }) {
  const { goals } = useBoot()
  const { state } = useDashboard()
  const hasRevenue = goals.some(({ currency }) => currency !== null)
  return (
    <PlainList
      column={property}
      dimension={`props:${property}`}
      groupBy={`event:props:${property}`}
      metrics={propertyMetrics(hasGoalFilter(state.filters), hasRevenue)}
      labels={{ ...GOAL_LABELS, visitors: 'Visitors', events: 'Events' }}
      isEnabled={isEnabled}
    />
  )
}

interface PlainListProps {
  column: string
  dimension: string
  groupBy: string
  metrics: readonly Metric[]
  labels: Partial<Record<Metric, string>>
  isEnabled: boolean
  onChosen?: (filter: Filter) => void
}

function PlainList({ column, dimension, groupBy, metrics, labels, isEnabled, onChosen }: PlainListProps) {
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
