import { describe, expect, it } from 'vitest'
import {
  customChoice,
  defaultInterval,
  intervalsFor,
  type Period,
  type PeriodChoice,
  rangeOf,
  shiftPeriod,
} from './period.ts'
import { periodLabel } from './period-label.ts'

const calendar = { today: '2026-11-23', statsBegin: '2026-03-10' }

function choice(period: Period, date: string | null = null): PeriodChoice {
  return { period, date, from: null, to: null }
}

describe('ranges', () => {
  it('end yesterday when they count days', () => {
    expect(rangeOf(choice('7d'), calendar)).toEqual({ from: '2026-11-16', to: '2026-11-22' })
    expect(rangeOf(choice('28d'), calendar)).toEqual({ from: '2026-10-26', to: '2026-11-22' })
  })

  it('end with the last full month when they count months', () => {
    expect(rangeOf(choice('6mo'), calendar)).toEqual({ from: '2026-05-01', to: '2026-10-31' })
  })

  it('cover whole months and years', () => {
    expect(rangeOf(choice('month', '2026-02-10'), calendar)).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(rangeOf(choice('year'), calendar)).toEqual({ from: '2026-01-01', to: '2026-12-31' })
  })

  it('are put in order and kept inside the data', () => {
    expect(customChoice('2027-01-05', '2020-01-01', calendar)).toMatchObject({
      from: '2026-03-10',
      to: '2026-11-23',
    })
  })

  it('of one day are a day', () => {
    expect(customChoice('2026-05-01', '2026-05-01', calendar)).toEqual(choice('day', '2026-05-01'))
    expect(customChoice('2026-11-23', '2026-11-23', calendar)).toEqual(choice('day'))
  })
})

describe('shifting', () => {
  it('moves days, months and years, and stops where the data stop', () => {
    expect(shiftPeriod(choice('day'), -1, calendar)?.date).toBe('2026-11-22')
    expect(shiftPeriod(choice('month'), -1, calendar)?.date).toBe('2026-10-01')
    expect(shiftPeriod(choice('day'), 1, calendar)).toBeNull()
    expect(shiftPeriod(choice('day', '2026-03-10'), -1, calendar)).toBeNull()
    expect(shiftPeriod(choice('year'), -1, calendar)).toBeNull()
  })

  it('comes back to a present without a date', () => {
    expect(shiftPeriod(choice('day', '2026-11-22'), 1, calendar)).toEqual(choice('day'))
    expect(shiftPeriod(choice('month', '2026-10-05'), 1, calendar)).toEqual(choice('month'))
  })

  it('leaves periods that always end now alone', () => {
    expect(shiftPeriod(choice('28d'), -1, calendar)).toBeNull()
  })
})

describe('intervals', () => {
  it('offer their own default for every period', () => {
    for (const period of [
      'realtime',
      'day',
      '24h',
      '7d',
      '28d',
      '91d',
      'month',
      '6mo',
      '12mo',
      'year',
      'all',
    ] as const) {
      expect(intervalsFor(choice(period), calendar)).toContain(defaultInterval(choice(period), calendar))
    }
  })

  it('grow with a custom range', () => {
    const custom = (from: string, to: string): PeriodChoice => ({ period: 'custom', date: null, from, to })
    expect(intervalsFor(custom('2026-04-01', '2026-04-05'), calendar)).toEqual(['day'])
    expect(intervalsFor(custom('2026-04-01', '2026-04-20'), calendar)).toEqual(['day', 'week'])
    expect(intervalsFor(custom('2026-04-01', '2026-09-20'), calendar)).toEqual(['day', 'week', 'month'])
    expect(intervalsFor(custom('2024-04-01', '2026-09-20'), calendar)).toEqual(['week', 'month'])
  })
})

describe('labels', () => {
  it('say what the button should say', () => {
    expect(periodLabel(choice('day'), calendar)).toBe('Today')
    expect(periodLabel(choice('day', '2026-11-22'), calendar)).toBe('Yesterday')
    expect(periodLabel(choice('month', '2026-01-01'), calendar)).toBe('January 2026')
    expect(periodLabel(choice('28d'), calendar)).toBe('Last 28 days')
    expect(periodLabel(choice('year', '2025-05-01'), calendar)).toBe('2025')
  })
})
