import { describe, expect, it } from 'vitest'
import type { Row, StatsAnswer } from '../api/answer.ts'
import { drillDown, pointsOf, splitLines } from './series.ts'

function answer(labels: string[], results: Row[], range: [string, string]): StatsAnswer {
  return {
    results,
    meta: { time_labels: labels },
    query: { date_range: [`${range[0]}T00:00:00Z`, `${range[1]}T23:59:59Z`] },
  }
}

const now = { nowLocal: '2026-11-23 15:30:00' }

describe('points', () => {
  it('give every bucket its place: silence is zero, the future is nothing', () => {
    const labels = ['2026-11-22', '2026-11-23', '2026-11-24']
    const rows: Row[] = [{ dimensions: ['2026-11-23'], metrics: [5] }]
    const points = pointsOf(answer(labels, rows, ['2026-11-22', '2026-11-24']), {
      metric: 'visitors',
      interval: 'day',
      ...now,
    })
    expect(points.map(({ value }) => value)).toEqual([0, 5, null])
    expect(points.map(({ isPartial }) => isPartial)).toEqual([false, true, false])
    expect(points[2]?.isFuture).toBe(true)
  })

  it('leave a gap where there is no rate', () => {
    const points = pointsOf(answer(['2026-11-20'], [], ['2026-11-20', '2026-11-20']), {
      metric: 'bounce_rate',
      interval: 'day',
      ...now,
    })
    expect(points[0]?.value).toBeNull()
  })

  it('know nothing of a period that was counted without visitors, silence included', () => {
    const uncounted = answer(
      ['2026-11-19', '2026-11-20'],
      [{ dimensions: ['2026-11-20'], metrics: [null] }],
      ['2026-11-19', '2026-11-20'],
    )
    const warned = {
      ...uncounted,
      meta: {
        ...uncounted.meta,
        metric_warnings: { visitors: { code: 'visitors_not_counted', warning: 'x' } },
      },
    }
    const points = pointsOf(warned, { metric: 'visitors', interval: 'day', ...now })
    expect(points.map(({ value }) => value)).toEqual([null, null])
  })

  it('keep what is not known of the other period apart from zero', () => {
    const row: Row = {
      dimensions: ['2026-11-20'],
      metrics: [5],
      comparison: { dimensions: ['2026-11-13'], metrics: [null], change: [null] },
    }
    const [point] = pointsOf(answer(['2026-11-20'], [row], ['2026-11-20', '2026-11-20']), {
      metric: 'visitors',
      interval: 'day',
      ...now,
    })
    expect(point?.comparison?.value).toBeNull()
  })

  it('mark weeks that the range or the present cuts', () => {
    const labels = ['2026-11-04', '2026-11-09', '2026-11-16', '2026-11-23']
    const points = pointsOf(answer(labels, [], ['2026-11-04', '2026-11-30']), {
      metric: 'visitors',
      interval: 'week',
      ...now,
    })
    expect(points.map(({ isPartial }) => isPartial)).toEqual([true, false, false, true])
  })

  it('mark the running hour and month', () => {
    const hours = pointsOf(
      answer(['2026-11-23 14:00:00', '2026-11-23 15:00:00'], [], ['2026-11-23', '2026-11-23']),
      { metric: 'visitors', interval: 'hour', ...now },
    )
    expect(hours.map(({ isPartial }) => isPartial)).toEqual([false, true])
    const months = pointsOf(answer(['2026-10-01', '2026-11-01'], [], ['2026-10-01', '2026-11-30']), {
      metric: 'visitors',
      interval: 'month',
      ...now,
    })
    expect(months.map(({ isPartial }) => isPartial)).toEqual([false, true])
  })

  it('carry the bucket they are compared with', () => {
    const row: Row = {
      dimensions: ['2026-11-20'],
      metrics: [8],
      comparison: { dimensions: ['2026-11-13'], metrics: [4], change: [100] },
    }
    const [point] = pointsOf(answer(['2026-11-20'], [row], ['2026-11-20', '2026-11-20']), {
      metric: 'visitors',
      interval: 'day',
      ...now,
    })
    expect(point?.comparison).toEqual({ label: '2026-11-13', value: 4, change: 100 })
  })
})

describe('lines', () => {
  it('hand over from solid to dashed at the last finished point', () => {
    const labels = ['2026-11-21', '2026-11-22', '2026-11-23']
    const rows: Row[] = labels.map((label, at) => ({ dimensions: [label], metrics: [at + 1] }))
    const points = pointsOf(answer(labels, rows, ['2026-11-21', '2026-11-23']), {
      metric: 'visitors',
      interval: 'day',
      ...now,
    })
    expect(splitLines(points, [1, 2, 3])).toEqual({ solid: [1, 2, null], dashed: [null, 2, 3] })
  })

  it('drill into days and months only', () => {
    expect(drillDown('2026-11-20', 'day')).toEqual({ period: 'day', date: '2026-11-20' })
    expect(drillDown('2026-11-01', 'month')).toEqual({ period: 'month', date: '2026-11-01' })
    expect(drillDown('2026-11-20', 'week')).toBeNull()
    expect(drillDown('2026-11-20 10:00:00', 'hour')).toBeNull()
  })
})
