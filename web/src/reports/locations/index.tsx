/** Where in the world visitors were. A country opens its regions, a region its cities. */

import { lazy, Suspense } from 'preact/compat'
import { useEffect } from 'preact/hooks'
import { onlyValue } from '../../state/filters.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Panel } from '../panel.tsx'
import { ReportList } from '../report-list.tsx'
import { useTab } from '../use-tab.ts'

const WorldMap = lazy(() => import('./world-map.tsx').then(({ WorldMap }) => ({ default: WorldMap })))

const IDS = ['map', 'countries', 'regions', 'cities'] as const
type GeoTab = (typeof IDS)[number]

export function Locations() {
  const { state } = useDashboard()
  const [tab, setTab] = useTab<GeoTab>('geoTab', IDS, 'map')
  const hasCountry = onlyValue(state.filters, 'country') !== null
  const hasRegion = onlyValue(state.filters, 'region') !== null
  useEffect(() => {
    // A list narrowed to one place has one row: step down when the filter comes, back up when it goes.
    if (hasRegion) setTab('cities')
    else if (hasCountry) setTab('regions')
    else if (tab === 'regions' || tab === 'cities') setTab('countries')
  }, [hasCountry, hasRegion])
  return (
    <Panel
      title="Locations"
      tabs={[
        { id: 'map', label: 'Map' },
        { id: 'countries', label: 'Countries' },
        { id: 'regions', label: 'Regions' },
        { id: 'cities', label: 'Cities' },
      ]}
      chosen={tab}
      onChoose={setTab}
      detailsRoute={`/${tab === 'map' ? 'countries' : tab}`}
      note={<Attribution />}
    >
      {(isSeen) =>
        tab === 'map' ? (
          <Suspense fallback={<div class="map-wait skeleton" />}>
            <WorldMap isEnabled={isSeen} />
          </Suspense>
        ) : (
          <ReportList id={tab} isEnabled={isSeen} />
        )
      }
    </Panel>
  )
}

/** The licences of the place data ask for these links wherever places are shown. */
function Attribution() {
  return (
    <p class="attribution">
      <a href="https://db-ip.com" rel="noopener">
        IP Geolocation by DB-IP
      </a>
      {' · place names: '}
      <a href="https://www.geonames.org" rel="noopener">
        GeoNames
      </a>
    </p>
  )
}
