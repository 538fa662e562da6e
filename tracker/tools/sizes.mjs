/** How many bytes the scripts cost a visitor, and how many they may. */

import { brotliCompressSync, constants } from 'node:zlib'

export const BUDGETS = { site: 2150, legacy: 1050 }

/** A configuration with everything on: what the largest site script carries. */
const FULL_CONFIG =
  '{domain:"example.com",endpoint:"https://analytics.example.com/api/event",outboundLinks:!0,fileDownloads:!0,formSubmissions:!0}'

export function brotli(text) {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
}

export function sizesOf({ site, legacy }) {
  return { site: brotli(site.replace('PASSERBY_CONFIG', FULL_CONFIG)).length, legacy: brotli(legacy).length }
}

export function sizeReport(scripts) {
  const sizes = sizesOf(scripts)
  return `pa-<id>.js ${sizes.site} of ${BUDGETS.site} bytes, script.js ${sizes.legacy} of ${BUDGETS.legacy} bytes (brotli)`
}
