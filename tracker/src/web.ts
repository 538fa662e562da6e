/** The site's own script: configured by the server, started by the page's `plausible.init(options)`. */

import { configure } from './config'
import { start } from './start'
import type { Bound, PageConfig } from './types'

const injected = PASSERBY_CONFIG

function init(options?: PageConfig): void {
  if (window.plausible?.l) {
    if (options?.logging !== false) {
      console.warn('Plausible analytics script was already initialized, skipping init')
    }
    return
  }
  const merged = { ...injected, ...options }
  configure(injected.domain, merged.endpoint, merged)
  start(init)
}

if (!window.plausible) window.plausible = {} as Bound
window.plausible.init = init
if (window.plausible.o) init(window.plausible.o)
