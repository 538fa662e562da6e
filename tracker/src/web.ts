/** The site's own script: configured by the server, started by the page's `plausible.init(options)`. */

import { configure } from './config'
import { start } from './start'
import type { PageConfig } from './types'

const injected = PASSERBY_CONFIG

function init(options?: PageConfig): void {
  if (window.plausible?.l) {
    if (options?.logging !== false) {
      console.warn('Plausible analytics script was already initialized, skipping init')
    }
    return
  }
  configure({ ...injected, ...options, domain: injected.domain })
  start(init)
}

const stub = (window.plausible = window.plausible || ({} as NonNullable<Window['plausible']>))
stub.init = init
if (stub.o) init(stub.o)
