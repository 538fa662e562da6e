import { describe, expect, it } from 'vitest'
import { type Preferences, readState, writeState } from './dashboard-state.ts'
import type { Filter } from './filters.ts'

const calendar = { today: '2026-11-23', statsBegin: '2026-03-10' }
const none: Preferences = { period: null, comparison: null, matchDayOfWeek: null }

function read(search: string, preferences: Preferences = none) {
  return readState(search, preferences, calendar)
}

describe('reading the address', () => {
  it('shows 28 days when nothing is said', () => {
    expect(read('').period).toBe('28d')
  })

  it('shows today when the first visitor came today or yesterday', () => {
    expect(readState('', none, { today: '2026-11-23', statsBegin: '2026-11-22' }).period).toBe('day')
  })

  it('follows what the reader chose last time, but never into a passing view', () => {
    expect(read('', { ...none, period: '91d' }).period).toBe('91d')
    expect(read('', { ...none, period: 'realtime' }).period).toBe('28d')
    expect(read('?period=7d', { ...none, period: '91d' }).period).toBe('7d')
  })

  it('ignores words it does not know', () => {
    expect(
      read('?period=fortnight&comparison=vibes&f=sounds_like,page,/x&f=is,shoe_size,44&date=2026-02-31'),
    ).toEqual(read(''))
  })

  it('compares nothing in realtime and over all time', () => {
    expect(read('?period=all&comparison=previous_period').comparison).toBeNull()
    expect(read('?period=realtime', { ...none, comparison: 'year_over_year' }).comparison).toBeNull()
  })

  it('lets "off" win over what is remembered', () => {
    const preferences = { ...none, comparison: 'previous_period' }
    expect(read('?period=7d', preferences).comparison).toBe('previous_period')
    expect(read('?period=7d&comparison=off', preferences).comparison).toBeNull()
  })

  it('keeps commas that belong to a value', () => {
    expect(read('?f=is,page,/a%2Cb,/c').filters).toEqual([
      { operation: 'is', dimension: 'page', clauses: ['/a,b', '/c'] },
    ])
  })

  it('reads labels of codes', () => {
    expect(read('?f=is,country,US&l=US,United%20States').labels).toEqual({ US: 'United States' })
  })

  it('survives a broken percent sequence', () => {
    expect(read('?f=is,page,/100%').filters[0]?.clauses).toEqual(['/100%'])
  })
})

describe('writing the address', () => {
  const filters: readonly Filter[] = [
    { operation: 'is', dimension: 'page', clauses: ['/a,b', '/c&d=e', '/ü?'] },
    { operation: 'contains_not', dimension: 'props:author', clauses: ['100%', '(none)'] },
    { operation: 'has_not_done', dimension: 'goal', clauses: ['Signup'] },
    { operation: 'is', dimension: 'country', clauses: ['US'] },
  ]

  it('is read back as it was', () => {
    const state = {
      ...read('?period=month&date=2026-05-01&comparison=year_over_year&match_day_of_week=false'),
      filters,
      labels: { US: 'United States' },
    }
    expect(read(writeState(state, ''))).toEqual(state)
  })

  it('leaves paths readable', () => {
    const state = {
      ...read(''),
      filters: [{ operation: 'is', dimension: 'page', clauses: ['/blog/post'] } as Filter],
    }
    expect(writeState(state, '')).toContain('f=is,page,/blog/post')
  })

  it('keeps parameters that are not its own and forgets unused labels', () => {
    const text = writeState({ ...read(''), labels: { DE: 'Germany' } }, '?auth=abc&theme=dark&period=7d')
    expect(text).toContain('auth=abc')
    expect(text).toContain('theme=dark')
    expect(text).not.toContain('DE')
    expect(text.match(/period=/g)).toHaveLength(1)
  })
})
