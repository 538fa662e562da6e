/** Bundles each page's script into dist/. Our own package is the one built in packages/tracker. */

import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))

await build({
  entryPoints: readdirSync(`${here}src`).map((name) => `${here}src/${name}`),
  alias: { '@passerby/tracker': fileURLToPath(new URL('../../../packages/tracker/dist/index.js', import.meta.url)) },
  bundle: true,
  define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  format: 'esm',
  jsx: 'automatic',
  logLevel: 'warning',
  outdir: `${here}dist`,
  outExtension: { '.js': '.mjs' },
  target: 'es2022',
})
