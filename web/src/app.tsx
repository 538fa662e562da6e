/** The page: the header, the reports, and whatever modal the address names. */

import { lazy, Suspense } from 'preact/compat'
import { useState } from 'preact/hooks'
import { useBoot } from './boot.ts'
import { FilterDialog } from './controls/filter-dialog.tsx'
import { isFieldId } from './controls/filter-fields.ts'
import { Footer, Header } from './controls/header.tsx'
import { Behaviours } from './reports/behaviours/index.tsx'
import { subjectOf } from './reports/details/subject.ts'
import { Devices } from './reports/devices/index.tsx'
import { Graph } from './reports/graph/index.tsx'
import { Locations } from './reports/locations/index.tsx'
import { Pages } from './reports/pages/index.tsx'
import { Sources } from './reports/sources/index.tsx'
import { customChoice, rangeOf } from './state/period.ts'
import { useDashboard } from './state/use-dashboard.tsx'

const Details = lazy(() =>
  import('./reports/details/index.tsx').then(({ Details }) => ({ default: Details })),
)
const RangeDialog = lazy(() =>
  import('./controls/range-dialog.tsx').then(({ RangeDialog }) => ({ default: RangeDialog })),
)

type Picking = 'nothing' | 'range' | 'comparison'

export function App() {
  const [picking, setPicking] = useState<Picking>('nothing')
  return (
    <div class="page">
      <Header onCustomRange={() => setPicking('range')} onCustomComparison={() => setPicking('comparison')} />
      <main>
        <Graph />
        <div class="panels">
          <Sources />
          <Pages />
          <Locations />
          <Devices />
          <Behaviours />
        </div>
      </main>
      <Footer />
      <RoutedModal />
      {picking !== 'nothing' && <RangePicker picking={picking} onClose={() => setPicking('nothing')} />}
    </div>
  )
}

function RoutedModal() {
  const { goals, countsVisitors } = useBoot()
  const { state, route } = useDashboard()
  const [, first, second] = route.split('/')
  if (first === 'filter' && isFieldId(second)) return <FilterDialog key={second} field={second} />
  const hasRevenue = goals.some(({ currency }) => currency !== null)
  const subject = subjectOf(route, state, { hasRevenue, countsVisitors })
  if (!subject) return null
  return (
    <Suspense fallback={null}>
      <Details key={route} subject={subject} />
    </Suspense>
  )
}

function RangePicker({ picking, onClose }: { picking: 'range' | 'comparison'; onClose: () => void }) {
  const { state, calendar, update } = useDashboard()
  const isRange = picking === 'range'
  const compared =
    state.compareFrom && state.compareTo ? { from: state.compareFrom, to: state.compareTo } : null
  const initial = isRange ? (state.period === 'custom' ? rangeOf(state, calendar) : null) : compared
  return (
    <Suspense fallback={null}>
      <RangeDialog
        title={isRange ? 'Custom range' : 'Compare with'}
        calendar={calendar}
        initial={initial}
        onClose={onClose}
        onChoose={(from, to) => {
          if (isRange) update(customChoice(from, to, calendar))
          else update({ comparison: 'custom', compareFrom: from, compareTo: to })
          onClose()
        }}
      />
    </Suspense>
  )
}
