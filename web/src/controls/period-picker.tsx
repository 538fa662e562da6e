/** The chosen period: a menu, two arrows, and a calendar for any other range. */

import { isComparable } from '../state/dashboard-state.ts'
import { type PeriodChoice, shiftPeriod } from '../state/period.ts'
import { periodLabel } from '../state/period-label.ts'
import { isSameChoice, type PeriodEntry, periodGroups } from '../state/period-menu.ts'
import { useShortcut } from '../state/shortcuts.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Icon } from '../ui/icons.tsx'
import { Menu, MenuDivider, MenuItem } from '../ui/menu.tsx'

interface PeriodPickerProps {
  onCustom: () => void
}

export function PeriodPicker({ onCustom }: PeriodPickerProps) {
  const { state, calendar, update } = useDashboard()
  const choose = (choice: PeriodChoice) => update(choice)
  const groups = periodGroups(calendar)
  useShortcut('x', isComparable(state.period) ? () => update(toggleComparison(state.comparison)) : null)
  useShortcut('c', onCustom)
  return (
    <>
      {groups.flat().map((entry) => (
        <PeriodShortcut key={entry.key} entry={entry} onChoose={choose} />
      ))}
      <Arrows />
      <Menu
        label={<span class="menu-label">{periodLabel(state, calendar)}</span>}
        name="Period"
        icon="calendar"
      >
        {groups.map((entries, index) => (
          <div key={entries[0]?.key}>
            {index > 0 && <MenuDivider />}
            {entries
              .filter(({ isHidden }) => !isHidden)
              .map(({ label, key, choice }) => (
                <MenuItem
                  key={key}
                  shortcut={key}
                  isChosen={isSameChoice(choice, state)}
                  onSelect={() => choose(choice)}
                >
                  {label}
                </MenuItem>
              ))}
          </div>
        ))}
        <MenuItem shortcut="C" isChosen={state.period === 'custom'} onSelect={onCustom}>
          Custom range…
        </MenuItem>
        {isComparable(state.period) && (
          <>
            <MenuDivider />
            <MenuItem shortcut="X" onSelect={() => update(toggleComparison(state.comparison))}>
              {state.comparison === null ? 'Compare' : 'Stop comparing'}
            </MenuItem>
          </>
        )}
      </Menu>
    </>
  )
}

function toggleComparison(comparison: string | null) {
  return {
    comparison: comparison === null ? ('previous_period' as const) : null,
    compareFrom: null,
    compareTo: null,
  }
}

function PeriodShortcut({
  entry,
  onChoose,
}: {
  entry: PeriodEntry
  onChoose: (choice: PeriodChoice) => void
}) {
  useShortcut(entry.key, () => onChoose(entry.choice))
  return null
}

/** ‹ and › move days, months and years; other periods always end now. */
function Arrows() {
  const { state, calendar, update } = useDashboard()
  const before = shiftPeriod(state, -1, calendar)
  const after = shiftPeriod(state, 1, calendar)
  useShortcut('ArrowLeft', before ? () => update(before) : null)
  useShortcut('ArrowRight', after ? () => update(after) : null)
  if (!['day', 'month', 'year'].includes(state.period)) return null
  return (
    <span class="arrows">
      <button
        type="button"
        class="icon-button"
        aria-label="Earlier"
        disabled={!before}
        onClick={() => before && update(before)}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Later"
        disabled={!after}
        onClick={() => after && update(after)}
      >
        <Icon name="right" />
      </button>
    </span>
  )
}
