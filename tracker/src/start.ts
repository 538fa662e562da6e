/** What every build does once it knows its options: listen, count the page, replay the queue, appear on the window. */

import { options, VERSION } from './config'
import { watchEngagement } from './engagement'
import { captureInteractions } from './interactions'
import { capturePageviews } from './pageviews'
import { track } from './track'
import type { Bound, PageConfig } from './types'

export function start(init?: (options?: PageConfig) => void): void {
  watchEngagement()
  if (LEGACY ? !MANUAL : options.autoCapturePageviews !== false) capturePageviews()
  captureInteractions()
  window.plausible?.q?.forEach((call) => {
    track.apply(0, call as unknown as Parameters<typeof track>)
  })
  if (NPM && options.bindToWindow === false) return
  const bound: Bound = track
  window.plausible = window.passerby = bound
  if (!NPM) bound.init = init as NonNullable<typeof init>
  if (!LEGACY) bound.s = options.lib || (NPM ? 'npm' : 'web')
  bound.v = VERSION
  bound.l = true
}
