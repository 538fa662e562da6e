import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(resolve(import.meta.dirname, '../src/styles/tokens.css'), 'utf-8')

function tokensAfter(selector: string): Record<string, string> {
  const start = css.indexOf('{', css.indexOf(selector))
  const body = css.slice(start + 1, css.indexOf('}', start))
  return Object.fromEntries(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]),
  )
}

const light = tokensAfter(':root {')
const systemDark = tokensAfter(':root:not([data-theme="light"]) {')
const chosenDark = tokensAfter(':root[data-theme="dark"] {')

/** WCAG relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [r = 0, g = 0, b = 0] = parts.map((c) => (c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string | undefined, b: string | undefined): number {
  const [low = 0, high = 0] = [luminance(a ?? ''), luminance(b ?? '')].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

describe('the two dark themes', () => {
  it('are one', () => expect(chosenDark).toEqual(systemDark))
  it('say every colour that light says differently in the dark', () => {
    for (const name of Object.keys(chosenDark)) expect(light).toHaveProperty(name)
  })
})

describe.each([
  ['light', light],
  ['dark', { ...light, ...systemDark }],
])('%s', (_, tokens) => {
  it.each([
    ['--text', '--surface'],
    ['--text', '--bar'],
    ['--text-soft', '--surface'],
    ['--text-muted', '--surface'],
    ['--text-muted', '--ground'],
    ['--text-muted', '--surface-raised'],
    ['--accent-text', '--surface'],
    ['--accent-text', '--accent-soft'],
    ['--on-accent', '--accent'],
    ['--good', '--surface'],
    ['--bad', '--surface'],
    ['--warn', '--surface'],
    ['--good', '--good-soft'],
    ['--bad', '--bad-soft'],
  ])('%s is readable on %s', (front, back) => {
    expect(contrast(tokens[front], tokens[back])).toBeGreaterThanOrEqual(4.5)
  })
})
