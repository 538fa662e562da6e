/** What visitors looked through. One chosen browser or system shows its versions. */

import { onlyValue } from '../../state/filters.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import type { ReportId } from '../definitions.ts'
import { Panel } from '../panel.tsx'
import { ReportList } from '../report-list.tsx'
import { useTab } from '../use-tab.ts'

const IDS = ['browsers', 'operating-systems', 'screen-sizes'] as const

export function Devices() {
  const { state } = useDashboard()
  const [tab, setTab] = useTab('deviceTab', IDS, 'browsers')
  const isOneBrowser = onlyValue(state.filters, 'browser') !== null
  const isOneSystem = onlyValue(state.filters, 'os') !== null
  const drilled: Partial<Record<(typeof IDS)[number], ReportId>> = {
    ...(isOneBrowser ? { browsers: 'browser-versions' } : {}),
    ...(isOneSystem ? { 'operating-systems': 'operating-system-versions' } : {}),
  }
  const id = drilled[tab] ?? tab
  return (
    <Panel
      title="Devices"
      tabs={[
        { id: 'browsers', label: 'Browsers' },
        { id: 'operating-systems', label: 'Systems' },
        { id: 'screen-sizes', label: 'Sizes' },
      ]}
      chosen={tab}
      onChoose={setTab}
      detailsRoute={`/${id}`}
    >
      {(isSeen) => <ReportList id={id} isEnabled={isSeen} />}
    </Panel>
  )
}
