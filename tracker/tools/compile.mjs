/** One script from the source: bundled and pruned by esbuild, minified by SWC, which was the smallest of those tried. */

import { fileURLToPath } from 'node:url'
import { minify, transform } from '@swc/core'
import { build } from 'esbuild'

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url))

const COMPRESS = {
  passes: 3,
  keep_fargs: false,
  pure_getters: true,
  unsafe_arrows: true,
  unsafe_methods: true,
  unsafe: true,
  unsafe_comps: true,
  unsafe_math: true,
}

/** `flags` decide what the script can do; `isOld` makes it readable by browsers without ES2015. */
export async function compile(entry, { flags, isOld = false }) {
  const bundle = await build({
    entryPoints: [`${SOURCE}${entry}.ts`],
    bundle: true,
    define: Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, String(value)])),
    format: 'iife',
    legalComments: 'none',
    minifySyntax: true,
    target: isOld ? 'es2015' : 'es2020',
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
    write: false,
  })
  const code = bundle.outputFiles[0].text
  const readable = isOld
    ? (await transform(code, { configFile: false, jsc: { target: 'es5' }, swcrc: false })).code
    : code
  const minified = await minify(readable, {
    compress: COMPRESS,
    ecma: isOld ? 5 : 2020,
    format: { comments: false },
    mangle: { toplevel: true },
    module: false,
    toplevel: true,
  })
  return minified.code
}
