import { parse } from 'acorn'
import { describe, expect, test } from 'vitest'
import { compile } from '../tools/compile.mjs'
import { BUDGETS, sizeReport, sizesOf } from '../tools/sizes.mjs'
import { EXTENSIONS, legacyFlags, legacyVariants, optionFlags } from '../tools/variants.mjs'

const legacy = (...extensions) =>
  compile('legacy', { flags: legacyFlags(extensions), isOld: extensions.includes('compat') })
const site = () => compile('web', { flags: optionFlags({ npm: false }) })

describe('the scripts', () => {
  test('keep within their budgets', async () => {
    const scripts = { site: await site(), legacy: await legacy() }
    console.log(sizeReport(scripts)) // Shown in every run, not only when something was built.
    const sizes = sizesOf(scripts)
    expect(sizes.site).toBeLessThanOrEqual(BUDGETS.site)
    expect(sizes.legacy).toBeLessThanOrEqual(BUDGETS.legacy)
  })

  test('are the same bytes each time', async () => {
    expect(await site()).toBe(await site())
    expect(await legacy(...EXTENSIONS)).toBe(await legacy(...EXTENSIONS))
  })

  test('leave one place for the configuration', async () => {
    expect((await site()).split('PASSERBY_CONFIG')).toHaveLength(2)
  })

  test('store nothing in the browser', async () => {
    for (const code of [await site(), await legacy(...EXTENSIONS)]) {
      expect(code).not.toMatch(/cookie|sessionStorage|indexedDB|caches|setItem|plausible_ignore=[^=]/)
    }
  })

  test('of old browsers are ES5', async () => {
    for (const extensions of [['compat'], EXTENSIONS]) {
      parse(await legacy(...extensions), { ecmaVersion: 5 })
    }
  })
})

describe('a legacy script contains a feature exactly when its name asks for it', () => {
  const MARKS = {
    exclusions: 'data-exclude',
    'file-downloads': 'File Download',
    hash: 'hashchange',
    'outbound-links': 'Outbound Link: Click',
    'pageview-props': 'event-',
    revenue: '.revenue',
    'tagged-events': 'plausible-(event|revenue)',
  }
  test.each(Object.entries(MARKS))('%s', async (extension, mark) => {
    const others = EXTENSIONS.filter((other) => other !== extension && other !== 'compat')
    expect(await legacy(extension)).toContain(mark)
    expect(await legacy(...others)).not.toContain(mark)
  })

  test('local', async () => {
    expect(await legacy()).toContain('localhost')
    expect(await legacy('local')).not.toContain('localhost')
  })

  test('manual', async () => {
    expect(await legacy()).toContain('pushState')
    expect(await legacy('manual')).not.toContain('pushState')
  })

  test('compat', async () => {
    expect(await legacy('compat')).toContain('XMLHttpRequest')
    expect(await legacy()).not.toContain('XMLHttpRequest')
  })
})

test('there is one variant for each subset of the extensions', () => {
  const names = legacyVariants().map((extensions) => extensions.join('.'))
  expect(new Set(names).size).toBe(1024)
  expect(names[0]).toBe('')
  expect(names).toContain('hash.outbound-links')
})
