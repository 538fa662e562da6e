/**
 * Builds every script that the server serves into passerby/tracker/dist.
 *
 * - `site.js`: the site's own script, with a name where the server puts the configuration.
 * - `legacy.pack` and `manifest.json`: each combination of the legacy extensions, compressed. One file instead of two
 *   thousand; the manifest says where each begins, how long it is, and what the script's SHA-256 is.
 *
 * The same source gives the same bytes: nothing here reads the clock, the machine or the order of completion.
 */

import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { compile } from './compile.mjs'
import { brotli, sizeReport } from './sizes.mjs'
import { legacyFlags, legacyVariants, optionFlags } from './variants.mjs'

const OUTPUT = new URL('../../passerby/tracker/dist/', import.meta.url)
const COMPILED_AT_ONCE = 16

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

async function compileLegacy() {
  const variants = legacyVariants()
  const scripts = new Map()
  for (let first = 0; first < variants.length; first += COMPILED_AT_ONCE) {
    const batch = variants.slice(first, first + COMPILED_AT_ONCE)
    const codes = await Promise.all(
      batch.map((extensions) =>
        compile('legacy', { flags: legacyFlags(extensions), isOld: extensions.includes('compat') }),
      ),
    )
    batch.forEach((extensions, index) => {
      scripts.set(extensions.join('.'), codes[index])
    })
  }
  return scripts
}

/** The bytes one after the other, and for each script where to find them. Equal bytes are kept once. */
function pack(scripts) {
  const pieces = []
  const places = new Map()
  let offset = 0
  const place = (bytes) => {
    const digest = sha256(bytes)
    if (!places.has(digest)) {
      places.set(digest, [offset, bytes.length])
      pieces.push(bytes)
      offset += bytes.length
    }
    return places.get(digest)
  }
  const entries = {}
  for (const [name, code] of scripts) {
    entries[name] = {
      sha256: sha256(code),
      br: place(brotli(code)),
      gzip: place(gzipSync(code, { level: 9 })),
    }
  }
  return { bytes: Buffer.concat(pieces), entries }
}

async function main() {
  const site = await compile('web', { flags: optionFlags({ npm: false }) })
  if (site.split('PASSERBY_CONFIG').length !== 2)
    throw new Error('The configuration must have exactly one place.')
  const scripts = await compileLegacy()
  const { bytes, entries } = pack(scripts)
  await rm(OUTPUT, { recursive: true, force: true })
  await mkdir(OUTPUT, { recursive: true })
  await writeFile(new URL('site.js', OUTPUT), site)
  await writeFile(new URL('legacy.pack', OUTPUT), bytes)
  await writeFile(
    new URL('manifest.json', OUTPUT),
    `${JSON.stringify({ site: sha256(site), legacy: entries })}\n`,
  )
  console.log(sizeReport({ site, legacy: scripts.get('') }))
}

await main()
