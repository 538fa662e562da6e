import { useState } from 'preact/hooks'
import { useBoot } from '../../boot.ts'
import { defaultInterval, type Interval, intervalsFor, isInterval } from '../../state/period.ts'
import { recall, remember } from '../../state/storage.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'

export interface IntervalChoice {
  interval: Interval
  allowed: readonly Interval[]
  choose: (interval: Interval) => void
}

/** The bucket width: remembered per period and site, and never one the period does not allow. */
export function useInterval(): IntervalChoice {
  const { domain } = useBoot()
  const { state, calendar } = useDashboard()
  const [, redraw] = useState(0)
  const allowed = intervalsFor(state, calendar)
  const key = `interval__${state.period}` as const
  const stored = recall(key, domain)
  const interval = isInterval(stored) && allowed.includes(stored) ? stored : defaultInterval(state, calendar)
  const choose = (next: Interval) => {
    remember(key, domain, next)
    redraw((count) => count + 1)
  }
  return { interval, allowed, choose }
}
