import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { mockServer } from './dev/mock.ts'

const STATIC = resolve(import.meta.dirname, '../passerby/static')

/** Old hashed files would pile up in the wheel; everything else in the static folder belongs to other rooms. */
function emptyDashboardFolder(): Plugin {
  return {
    name: 'empty-dashboard-folder',
    apply: 'build',
    buildStart: () => rmSync(resolve(STATIC, 'dashboard'), { recursive: true, force: true }),
  }
}

/** The server sends `x.js.br` or `x.js.gz` in place of `x.js` to those who take it; made once, here. */
function compressText(): Plugin {
  return {
    name: 'compress-text',
    apply: 'build',
    writeBundle(_options, bundle) {
      for (const file of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
        const path = resolve(STATIC, file)
        const bytes = readFileSync(path)
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
        writeFileSync(`${path}.br`, brotliCompressSync(bytes))
      }
    },
  }
}

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/static/' : '/',
  plugins: [emptyDashboardFolder(), compressText(), mockServer()],
  resolve: {
    alias: {
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  build: {
    outDir: STATIC,
    emptyOutDir: false,
    manifest: 'dashboard/manifest.json',
    target: ['chrome111', 'firefox114', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Libraries mark themselves for servers we do not have.
      onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
      input: { dashboard: 'src/main.tsx', pages: 'pages/pages.css' },
      output: {
        entryFileNames: 'dashboard/[name]-[hash].js',
        chunkFileNames: 'dashboard/[name]-[hash].js',
        // The account pages are Django templates: they name their stylesheet, so it keeps its name.
        assetFileNames: (asset) =>
          asset.names.includes('pages.css') ? 'pages.css' : 'dashboard/[name]-[hash][extname]',
      },
    },
  },
  test: { root: import.meta.dirname, include: ['src/**/*.test.ts', 'tests/**/*.test.ts'] },
}))
