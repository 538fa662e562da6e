import { describe, expect, it } from 'vitest'
import { knownMetrics, REPORTS } from './definitions.ts'

const COUNTING = { countsVisitors: true }
const UNCOUNTING = { countsVisitors: false }

describe('what a report counts', () => {
  it('is what was asked where visitors are counted', () => {
    expect(knownMetrics(['visitors', 'percentage'], COUNTING)).toEqual(['visitors', 'percentage'])
  })

  it('is events where they are not', () => {
    expect(knownMetrics(['visitors', 'percentage'], UNCOUNTING, REPORTS.sources)).toEqual(['events'])
    expect(knownMetrics(REPORTS.pages.details, UNCOUNTING, REPORTS.pages)).toEqual(['pageviews'])
    expect(knownMetrics(['visitors', 'events', 'total_revenue'], UNCOUNTING)).toEqual([
      'events',
      'total_revenue',
    ])
  })

  it('is left to the server to refuse where only visits know it', () => {
    expect(knownMetrics(['visitors', 'visits'], UNCOUNTING, REPORTS['entry-pages'])).toEqual([
      'visitors',
      'visits',
    ])
  })
})
