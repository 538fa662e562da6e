import { describe, expect, it } from 'vitest'
import { emptyValue, formatDuration, formatPercent, formatShort, formatValue, trendOf } from './format.ts'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [1234, '1.2k'],
    [1299, '1.2k'],
    [99_999, '99.9k'],
    [123_456, '123k'],
    [999_999, '999k'],
    [1_500_000, '1.5M'],
    [2_000_000_000, '2B'],
    [-1500, '−1.5k'],
  ])('%d reads %s', (value, text) => expect(formatShort(value)).toBe(text))

  it('reads durations with padded seconds', () => {
    expect([0, 45, 125, 3723, 59.6].map(formatDuration)).toEqual([
      '0s',
      '45s',
      '2m 05s',
      '1h 2m 3s',
      '1m 00s',
    ])
  })

  it('never shows a small share as nothing', () => {
    expect([0, 0.04, 0.1, 12, 12.34].map(formatPercent)).toEqual(['0%', '0.04%', '0.1%', '12%', '12.3%'])
  })

  it('formats each metric in its own way', () => {
    expect(formatValue('bounce_rate', 62)).toBe('62%')
    expect(formatValue('visitors', 12_345, 'long')).toBe('12,345')
    expect(formatValue('visit_duration', null)).toBe('–')
    const money = { short: '€1.2K', long: '€1,234.50', value: 1234.5, currency: 'EUR' }
    expect(formatValue('total_revenue', money)).toBe('€1.2K')
    expect(formatValue('total_revenue', money, 'long')).toBe('€1,234.50')
  })

  it('calls nobody zero and an unknown rate unknown', () => {
    expect(emptyValue('visitors')).toBe(0)
    expect(emptyValue('bounce_rate')).toBeNull()
  })

  it('knows that a rising bounce rate is bad', () => {
    expect(trendOf('bounce_rate', 3)).toBe('bad')
    expect(trendOf('visitors', 3)).toBe('good')
    expect(trendOf('visitors', 0)).toBe('flat')
  })
})
