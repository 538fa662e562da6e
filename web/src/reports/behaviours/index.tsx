/** What visitors did: goals they reached, the properties of what they did, and how far they got through funnels. */

import { useEffect, useRef, useState } from 'preact/hooks'
import { useProperties } from '../../api/use-properties.ts'
import { type Boot, useBoot } from '../../boot.ts'
import { hasGoalFilter } from '../../state/filters.ts'
import { recall, remember, type StorageKey } from '../../state/storage.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { knownMetrics } from '../definitions.ts'
import { Panel } from '../panel.tsx'
import { useTab } from '../use-tab.ts'
import { Funnel } from './funnel.tsx'
import {
  LABELS as COLUMN_LABELS,
  goalMetrics,
  goalProperty,
  PROPERTY_LABELS,
  propertyMetrics,
} from './metrics.ts'
import { PlainList } from './plain-list.tsx'

const IDS = ['goals', 'properties', 'funnels'] as const
type BehaviourTab = (typeof IDS)[number]
const LABELS: Readonly<Record<BehaviourTab, string>> = {
  goals: 'Goals',
  properties: 'Properties',
  funnels: 'Funnels',
}

export function Behaviours() {
  const boot = useBoot()
  const keys = useProperties()
  const available = availableTabs(boot, keys)
  const [first] = available
  return first ? <BehaviourPanel boot={boot} keys={keys} available={available} /> : null
}

function availableTabs(boot: Boot, keys: readonly string[]): readonly BehaviourTab[] {
  const has = { goals: boot.goals.length > 0, properties: keys.length > 0, funnels: boot.funnels.length > 0 }
  return IDS.filter((id) => has[id])
}

interface BehaviourPanelProps {
  boot: Boot
  keys: readonly string[]
  available: readonly BehaviourTab[]
}

function BehaviourPanel({ boot, keys, available }: BehaviourPanelProps) {
  const { state } = useDashboard()
  const [wanted, setTab] = useTab<BehaviourTab>('behavioursTab', IDS, 'goals')
  const tab = available.find((id) => id === wanted) ?? available[0] ?? 'goals'
  const [property, setProperty] = useRemembered('prop_key', keys)
  const funnelNames = boot.funnels.map(({ name }) => name)
  const [funnelName, setFunnel] = useRemembered('behavioursTabFunnel', funnelNames)
  const funnel = boot.funnels.find(({ name }) => name === funnelName)
  const special = goalProperty(state.filters)
  const shown = special ?? property
  const isGoal = hasGoalFilter(state.filters)
  useReturn(isGoal, () => tab === 'properties' && setTab('goals'))
  const routes: Readonly<Record<BehaviourTab, string | null>> = {
    goals: '/conversions',
    properties: shown && `/custom-prop-values/${encodeURIComponent(shown)}`,
    funnels: null,
  }
  return (
    <Panel
      title="Behaviours"
      class="wide"
      tabs={available.map((id) => ({ id, label: LABELS[id] }))}
      chosen={tab}
      onChoose={setTab}
      extra={
        <>
          {tab === 'properties' && !special && (
            <Choice name="Property" chosen={property} all={keys} onChoose={setProperty} />
          )}
          {tab === 'funnels' && (
            <Choice name="Funnel" chosen={funnelName} all={funnelNames} onChoose={setFunnel} />
          )}
        </>
      }
      detailsRoute={routes[tab]}
    >
      {(isSeen) => {
        if (tab === 'goals') {
          return <Goals isEnabled={isSeen} onChosen={() => keys.length > 0 && setTab('properties')} />
        }
        if (tab === 'properties' && shown) return <Properties property={shown} isEnabled={isSeen} />
        return funnel ? <Funnel id={funnel.id} isEnabled={isSeen} /> : null
      }}
    </Panel>
  )
}

/** One of `all`, remembered per site; the first until something is chosen. */
function useRemembered(key: StorageKey, all: readonly string[]): [string | null, (one: string) => void] {
  const { domain } = useBoot()
  const [chosen, setChosen] = useState(() => recall(key, domain))
  const choose = (one: string) => {
    remember(key, domain, one)
    setChosen(one)
  }
  return [all.find((one) => one === chosen) ?? all[0] ?? null, choose]
}

/** Run `back` when a filter that led somewhere is taken away. */
function useReturn(isThere: boolean, back: () => void): void {
  const before = useRef(isThere)
  useEffect(() => {
    if (before.current && !isThere) back()
    before.current = isThere
  })
}

interface ChoiceProps {
  name: string
  chosen: string | null
  all: readonly string[]
  onChoose: (one: string) => void
}

function Choice({ name, chosen, all, onChoose }: ChoiceProps) {
  return (
    <Menu label={<span class="menu-label">{chosen}</span>} name={name} class="button small">
      {all.map((one) => (
        <MenuItem key={one} isChosen={one === chosen} onSelect={() => onChoose(one)}>
          {one}
        </MenuItem>
      ))}
    </Menu>
  )
}

function useHasRevenue(): boolean {
  return useBoot().goals.some(({ currency }) => currency !== null)
}

function Goals({ isEnabled, onChosen }: { isEnabled: boolean; onChosen: () => void }) {
  return (
    <PlainList
      column="Goal"
      dimension="goal"
      groupBy="event:goal"
      metrics={knownMetrics(goalMetrics(useHasRevenue()), useBoot())}
      labels={COLUMN_LABELS}
      isEnabled={isEnabled}
      onChosen={onChosen}
    />
  )
}

function Properties({ property, isEnabled }: { property: string; isEnabled: boolean }) {
  const { state } = useDashboard()
  return (
    <PlainList
      column={property}
      dimension={`props:${property}`}
      groupBy={`event:props:${property}`}
      metrics={knownMetrics(propertyMetrics(hasGoalFilter(state.filters), useHasRevenue()), useBoot())}
      labels={PROPERTY_LABELS}
      isEnabled={isEnabled}
    />
  )
}
