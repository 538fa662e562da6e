/** What visitors saw, where they came in, and where they left. */

import { hasGoalFilter } from '../../state/filters.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Panel } from '../panel.tsx'
import { ReportList } from '../report-list.tsx'
import { useTab } from '../use-tab.ts'

const IDS = ['pages', 'entry-pages', 'exit-pages'] as const

export function Pages() {
  const { state } = useDashboard()
  const [tab, setTab] = useTab('pageTab', IDS, 'pages')
  return (
    <Panel
      title="Pages"
      tabs={[
        { id: 'pages', label: hasGoalFilter(state.filters) ? 'Conversion pages' : 'Top pages' },
        { id: 'entry-pages', label: 'Entry' },
        { id: 'exit-pages', label: 'Exit' },
      ]}
      chosen={tab}
      onChoose={setTab}
      detailsRoute={`/${tab}`}
    >
      {(isSeen) => <ReportList id={tab} isEnabled={isSeen} />}
    </Panel>
  )
}
