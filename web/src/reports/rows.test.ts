import { describe, expect, it } from 'vitest'
import { REPORTS } from './definitions.ts'
import { nextOrder, parseOrder } from './details/order.ts'
import { externalUrl, listRows, trimMiddle } from './rows.ts'

describe('rows', () => {
  it('name countries and keep their codes for the filter', () => {
    const [row] = listRows(REPORTS.countries, [{ dimensions: ['DE'], metrics: [10, 50] }])
    expect(row).toMatchObject({ name: 'Germany', country: 'DE', labels: { DE: 'Germany' }, share: 1 })
    expect(row?.filter).toEqual({ operation: 'is', dimension: 'country', clauses: ['DE'] })
  })

  it('call an unknown country unknown', () => {
    expect(listRows(REPORTS.countries, [{ dimensions: [''], metrics: [1, 1] }])[0]?.name).toBe('Unknown')
  })

  it('put the browser before its version', () => {
    expect(
      listRows(REPORTS['browser-versions'], [{ dimensions: ['120', 'Chrome'], metrics: [1, 1] }])[0]?.name,
    ).toBe('Chrome 120')
  })

  it('measure bars against the longest', () => {
    const rows = listRows(REPORTS.sources, [
      { dimensions: ['Google'], metrics: [200, 80] },
      { dimensions: ['Bing'], metrics: [50, 20] },
    ])
    expect(rows.map(({ share }) => share)).toEqual([1, 0.25])
  })

  it('link pages to the site and referrers to themselves, and nothing else', () => {
    expect(externalUrl(REPORTS.pages, '/blog', 'example.com')).toBe('https://example.com/blog')
    expect(externalUrl(REPORTS.referrers, 'news.example.org/item', 'example.com')).toBe(
      'https://news.example.org/item',
    )
    expect(externalUrl(REPORTS.referrers, 'javascript:alert(1)', 'example.com')).toBeNull()
    expect(externalUrl(REPORTS.sources, 'Google', 'example.com')).toBeNull()
  })

  it('keep both ends of a long address', () => {
    const text = trimMiddle(`/${'a'.repeat(50)}/the-end`, 30)
    expect(text).toHaveLength(30)
    expect(text.startsWith('/aaa')).toBe(true)
    expect(text.endsWith('the-end')).toBe(true)
  })
})

describe('order', () => {
  it('falls first, rises at the second click', () => {
    expect(nextOrder(['visitors', 'desc'], 'visitors')).toEqual(['visitors', 'asc'])
    expect(nextOrder(['visitors', 'asc'], 'bounce_rate')).toEqual(['bounce_rate', 'desc'])
  })

  it('forgets a remembered column that is not there', () => {
    expect(parseOrder('scroll_depth desc', ['visitors', 'bounce_rate'])).toEqual(['visitors', 'desc'])
    expect(parseOrder('bounce_rate asc', ['visitors', 'bounce_rate'])).toEqual(['bounce_rate', 'asc'])
    expect(parseOrder(null, ['visitors'])).toEqual(['visitors', 'desc'])
  })
})
