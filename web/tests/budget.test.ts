import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const STATIC = resolve(import.meta.dirname, '../../passerby/static')
const MANIFEST = resolve(STATIC, 'dashboard/manifest.json')
const ENTRY = 'src/main.tsx'
const ENTRY_BYTES_MAX = 120_000 // Gzip: all scripts before anything is drawn.
const STYLE_BYTES_MAX = 14_000
const MAP_BYTES_MAX = 60_000

interface Chunk {
  file: string
  imports?: string[]
  css?: string[]
}

function read(): Record<string, Chunk> {
  if (!existsSync(MANIFEST)) throw new Error('Nothing is built. Run `npm run build` first.')
  return JSON.parse(readFileSync(MANIFEST, 'utf-8')) as Record<string, Chunk>
}

function gzipBytes(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(resolve(STATIC, file))).length, 0)
}

function eager(manifest: Record<string, Chunk>, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (!chunk || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const one of chunk.imports ?? []) eager(manifest, one, seen)
  return seen
}

describe('the bundle', () => {
  it('keeps what loads first inside its budget', () => {
    const bytes = gzipBytes([...eager(read(), ENTRY)])
    console.info(`entry scripts: ${(bytes / 1000).toFixed(1)} kB gzip`)
    expect(bytes).toBeLessThan(ENTRY_BYTES_MAX)
  })

  it('keeps its styles and the map inside theirs', () => {
    const manifest = read()
    expect(gzipBytes(manifest[ENTRY]?.css ?? [])).toBeLessThan(STYLE_BYTES_MAX)
    const map = manifest['src/reports/locations/world-map.tsx']
    expect(map).toBeDefined()
    expect(gzipBytes(map ? [map.file] : [])).toBeLessThan(MAP_BYTES_MAX)
  })

  it('asks no other host for anything', () => {
    const [style = ''] = read()[ENTRY]?.css ?? []
    expect(readFileSync(resolve(STATIC, style), 'utf-8')).not.toMatch(/url\(["']?(https?:)?\/\//)
  })
})
