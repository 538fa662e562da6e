/** One script from the source: bundled and pruned by esbuild, minified by SWC, which was the smallest of those tried. */

import { fileURLToPath } from 'node:url'
import { transform } from '@swc/core'
import { build } from 'esbuild'

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url))

const COMPRESS = {
  passes: 3,
  keep_fargs: false,
  pure_getters: true,
  unsafe_arrows: true,
  unsafe_methods: true,
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
    write: false,
  })
  const minified = await transform(bundle.outputFiles[0].text, {
    configFile: false,
    isModule: false,
    jsc: {
      minify: {
        compress: COMPRESS,
        ecma: isOld ? 5 : 2020,
        format: { comments: false },
        mangle: { toplevel: true },
      },
      target: isOld ? 'es5' : 'es2020',
    },
    minify: true,
    swcrc: false,
  })
  return minified.code
}
