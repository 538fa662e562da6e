import { describe, expect, it } from 'vitest'
import { addDays, addMonths, dayCount, endOfMonth, isIsoDay, startOfWeek, wallClock } from './days.ts'

describe('days', () => {
  it('refuses days that do not exist', () => {
    expect(isIsoDay('2026-02-28')).toBe(true)
    for (const text of ['2026-02-30', '2026-2-3', '20260203', '', null, '2026-13-01'])
      expect(isIsoDay(text)).toBe(false)
  })

  it('crosses months, years and the end of summer time without losing a day', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2026-10-24', 2)).toBe('2026-10-26')
    expect(dayCount('2026-10-24', '2026-10-26')).toBe(3)
  })

  it('keeps the last day of the month when months differ in length', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28')
    expect(addMonths('2026-03-15', -3)).toBe('2025-12-15')
    expect(endOfMonth('2024-02-10')).toBe('2024-02-29')
  })

  it('starts weeks on Monday', () => {
    expect(startOfWeek('2026-11-23')).toBe('2026-11-23')
    expect(startOfWeek('2026-11-29')).toBe('2026-11-23')
  })

  it('reads the clock on the wall of another zone', () => {
    const newYear = Date.parse('2026-12-31T23:30:00Z')
    expect(wallClock(newYear, 'Europe/Tallinn')).toBe('2027-01-01 01:30:00')
    expect(wallClock(newYear, 'America/New_York')).toBe('2026-12-31 18:30:00')
  })
})
