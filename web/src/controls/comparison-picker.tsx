/** What the period is compared with. Shown only while comparing. */

import type { Comparison } from '../state/dashboard-state.ts'
import { rangeLabel } from '../state/period-label.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Menu, MenuDivider, MenuItem } from '../ui/menu.tsx'

const NAMES: Readonly<Record<Comparison, string>> = {
  previous_period: 'Previous period',
  year_over_year: 'Year over year',
  custom: 'Custom period',
}

export function ComparisonPicker({ onCustom }: { onCustom: () => void }) {
  const { state, calendar, update } = useDashboard()
  const { comparison, compareFrom, compareTo } = state
  if (comparison === null) return null
  const label =
    comparison === 'custom' && compareFrom && compareTo
      ? rangeLabel({ from: compareFrom, to: compareTo }, calendar.today)
      : NAMES[comparison]
  const choose = (mode: Comparison | null) => update({ comparison: mode, compareFrom: null, compareTo: null })
  return (
    <Menu label={<span class="menu-label">vs. {label}</span>} name="Comparison">
      <MenuItem onSelect={() => choose(null)}>Disable comparison</MenuItem>
      <MenuItem isChosen={comparison === 'previous_period'} onSelect={() => choose('previous_period')}>
        {NAMES.previous_period}
      </MenuItem>
      <MenuItem isChosen={comparison === 'year_over_year'} onSelect={() => choose('year_over_year')}>
        {NAMES.year_over_year}
      </MenuItem>
      <MenuItem isChosen={comparison === 'custom'} onSelect={onCustom}>
        Custom period…
      </MenuItem>
      {comparison !== 'custom' && (
        <>
          <MenuDivider />
          <MenuItem isChosen={state.matchDayOfWeek} onSelect={() => update({ matchDayOfWeek: true })}>
            Match day of week
          </MenuItem>
          <MenuItem isChosen={!state.matchDayOfWeek} onSelect={() => update({ matchDayOfWeek: false })}>
            Match exact date
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
