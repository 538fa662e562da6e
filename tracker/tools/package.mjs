/** Builds the npm package of packages/tracker: one readable ES module and its types. Minifying is for who bundles it. */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { optionFlags } from './variants.mjs'

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url))
const OUTPUT = fileURLToPath(new URL('../../packages/tracker/dist/', import.meta.url))
const PUBLIC_TYPES = ['npm.d.ts', 'types.d.ts', 'file-types.d.ts']

await build({
  entryPoints: [`${SOURCE}npm.ts`],
  bundle: true,
  define: Object.fromEntries(
    Object.entries(optionFlags({ npm: true })).map(([name, value]) => [name, String(value)]),
  ),
  format: 'esm',
  minifySyntax: true,
  outfile: `${OUTPUT}index.js`,
  target: 'es2020',
})

const types = [
  '--noEmit',
  'false',
  '--declaration',
  '--emitDeclarationOnly',
  '--rootDir',
  'src',
  '--outDir',
  OUTPUT,
]
const folder = fileURLToPath(new URL('..', import.meta.url))
const compiler = spawnSync('npx', ['tsc', ...types], { cwd: folder, stdio: 'inherit' })
if (compiler.status !== 0) throw new Error('The types could not be built.')

for (const name of readdirSync(OUTPUT).filter((name) => name.endsWith('.d.ts'))) {
  const path = `${OUTPUT}${name}`
  if (PUBLIC_TYPES.includes(name)) {
    // Node's own resolution wants the extension that the source leaves out.
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/from '(\.\/[a-z-]+)'/g, "from '$1.js'"))
  } else {
    rmSync(path)
  }
}
