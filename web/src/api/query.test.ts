import { describe, expect, it } from 'vitest'
import { readState } from '../state/dashboard-state.ts'
import { statsQuery } from './query.ts'

const calendar = { today: '2026-11-23', statsBegin: '2026-03-10' }
const none = { period: null, comparison: null, matchDayOfWeek: null }

function ask(search: string, question: Partial<Parameters<typeof statsQuery>[1]> = {}) {
  return statsQuery(readState(search, none, calendar), { metrics: ['visitors'], ...question })
}

describe('questions', () => {
  it('name the period and its anchor', () => {
    expect(ask('?period=month&date=2026-05-01')).toMatchObject({
      date_range: 'month',
      relative_date: '2026-05-01',
    })
    expect(ask('?period=7d')).not.toHaveProperty('relative_date')
    expect(ask('?period=custom&from=2026-04-01&to=2026-04-09').date_range).toEqual([
      '2026-04-01',
      '2026-04-09',
    ])
  })

  it('look back five minutes for lists and thirty for totals in realtime', () => {
    expect(ask('?period=realtime').date_range).toBe('realtime')
    expect(ask('?period=realtime', { realtimeMinutes: 30 }).date_range).toBe('realtime_30m')
  })

  it('say filters in the query language', () => {
    const { filters } = ask(
      '?f=is,source,Google&f=contains,page,/blog&f=is,props:author,Jane&f=is,screen,Mobile&f=is,segment,12&f=has_not_done,goal,Signup',
    )
    expect(filters).toEqual([
      ['is', 'visit:source', ['Google']],
      ['contains', 'event:page', ['/blog']],
      ['is', 'event:props:author', ['Jane']],
      ['is', 'visit:device', ['Mobile']],
      ['is', 'segment', [12]],
      ['has_not_done', ['is', 'event:goal', ['Signup']]],
    ])
  })

  it('compare totals even when the reader compares nothing, and lists only then', () => {
    expect(ask('?period=7d', { compareAlways: true }).include.compare).toBe('previous_period')
    expect(ask('?period=7d').include).not.toHaveProperty('compare')
    expect(ask('?period=7d&comparison=year_over_year').include.compare).toBe('year_over_year')
    expect(ask('?period=all', { compareAlways: true }).include).not.toHaveProperty('compare')
  })
})
