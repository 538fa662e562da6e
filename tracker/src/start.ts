/** What every build does once it knows its options: listen, count the page, replay the queue, appear on the window. */

import { config, VERSION } from './config'
import { watchEngagement } from './engagement'
import { captureInteractions } from './interactions'
import { capturePageviews } from './pageviews'
import { track } from './track'
import type { Bound, PageConfig } from './types'

export function start(init?: (options?: PageConfig) => void): void {
  const queued = window.plausible?.q || []
  watchEngagement()
  if (LEGACY ? !MANUAL : config.autoCapturePageviews !== false) capturePageviews()
  captureInteractions()
  for (let index = 0; index < queued.length; index++) {
    track.apply(null, queued[index] as unknown as Parameters<typeof track>)
  }
  if (NPM && config.bindToWindow === false) return
  const bound: Bound = track
  window.plausible = window.passerby = bound
  if (init) bound.init = init
  if (!LEGACY) bound.s = config.lib || (NPM ? 'npm' : 'web')
  bound.v = VERSION
  bound.l = true
}
