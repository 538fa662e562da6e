/** A calendar for a range of days. Loaded when first opened. */

import { useState } from 'preact/hooks'
import { type DateRange, DayPicker } from 'react-day-picker'
import 'react-day-picker/style.css'
import { earlier, fromLocalDate, type IsoDay, toLocalDate } from '../state/days.ts'
import type { Calendar, DayRange } from '../state/period.ts'
import { rangeLabel } from '../state/period-label.ts'
import { Dialog } from '../ui/dialog.tsx'

interface RangeDialogProps {
  title: string
  calendar: Calendar
  initial: DayRange | null
  onChoose: (from: IsoDay, to: IsoDay) => void
  onClose: () => void
}

const TWO_MONTHS_WIDTH = '(min-width: 700px)'

export function RangeDialog({ title, calendar, initial, onChoose, onClose }: RangeDialogProps) {
  const [range, setRange] = useState<DateRange | undefined>(
    initial ? { from: toLocalDate(initial.from), to: toLocalDate(initial.to) } : undefined,
  )
  const first = toLocalDate(earlier(calendar.statsBegin, calendar.today))
  const last = toLocalDate(calendar.today)
  const from = range?.from ? fromLocalDate(range.from) : null
  const to = range?.to ? fromLocalDate(range.to) : from
  return (
    <Dialog title={title} width="narrow" onClose={onClose}>
      <DayPicker
        mode="range"
        weekStartsOn={1}
        numberOfMonths={matchMedia(TWO_MONTHS_WIDTH).matches ? 2 : 1}
        selected={range}
        onSelect={setRange}
        defaultMonth={range?.from ?? new Date(last.getFullYear(), last.getMonth() - 1)}
        startMonth={first}
        endMonth={last}
        disabled={{ before: first, after: last }}
        resetOnSelect
      />
      <footer class="dialog-foot">
        <span class="dialog-hint">
          {from && to ? rangeLabel({ from, to }, calendar.today) : 'Choose the first and the last day'}
        </span>
        <button
          type="button"
          class="button primary"
          disabled={!from || !to}
          onClick={() => from && to && onChoose(from, to)}
        >
          Apply
        </button>
      </footer>
    </Dialog>
  )
}
