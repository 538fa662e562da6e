/** Where visitors came from. */

import { onlyValue } from '../../state/filters.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { REPORTS, type ReportId } from '../definitions.ts'
import { Panel } from '../panel.tsx'
import { ReportList } from '../report-list.tsx'
import { useTab } from '../use-tab.ts'

const CAMPAIGNS = ['utm_mediums', 'utm_sources', 'utm_campaigns', 'utm_contents', 'utm_terms'] as const
type Campaign = (typeof CAMPAIGNS)[number]
type SourceTab = 'channels' | 'sources' | Campaign
const DIRECT = 'Direct / None' // Visits without a referrer have no referrers to list.
const IDS: readonly SourceTab[] = ['channels', 'sources', ...CAMPAIGNS]

function isCampaign(tab: string): tab is Campaign {
  return CAMPAIGNS.includes(tab as Campaign)
}

export function Sources() {
  const { state } = useDashboard()
  const [tab, setTab] = useTab<SourceTab>('sourceTab', IDS, 'sources')
  // Once one source is chosen, its list would have one row: its referrers say more.
  const source = onlyValue(state.filters, 'source')
  const isDrilled = tab === 'sources' && source !== null && source !== DIRECT
  const id: ReportId = isDrilled ? 'referrers' : tab
  return (
    <Panel
      title="Sources"
      tabs={[
        { id: 'channels', label: 'Channels' },
        { id: 'sources', label: isDrilled ? 'Referrers' : 'Sources' },
        { id: 'campaigns', label: 'Campaigns' },
      ]}
      chosen={isCampaign(tab) ? 'campaigns' : tab}
      onChoose={(chosen) => setTab(chosen === 'campaigns' ? 'utm_campaigns' : (chosen as SourceTab))}
      extra={isCampaign(tab) && <CampaignMenu chosen={tab} onChoose={setTab} />}
      detailsRoute={`/${id}`}
    >
      {(isSeen) => (
        <ReportList id={id} isEnabled={isSeen} onChosen={() => tab === 'channels' && setTab('sources')} />
      )}
    </Panel>
  )
}

function CampaignMenu({ chosen, onChoose }: { chosen: Campaign; onChoose: (id: Campaign) => void }) {
  const label = (id: Campaign) => REPORTS[id].column.replace('UTM ', '')
  return (
    <Menu label={label(chosen)} name="UTM tag" class="button small">
      {CAMPAIGNS.map((id) => (
        <MenuItem key={id} isChosen={id === chosen} onSelect={() => onChoose(id)}>
          {REPORTS[id].column}
        </MenuItem>
      ))}
    </Menu>
  )
}
