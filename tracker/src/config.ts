/** The options in force, set once before anything else runs. */

import type { Config } from './types'

/** The dialect of the events API we speak; the same number as Plausible's script. */
export const VERSION = 33

export let config: Config

export function configure(options: Config): void {
  config = options
}

export function isHashMode(): boolean | undefined {
  return HASH && (LEGACY || config.hashBasedRouting)
}

export function isVisible(): boolean {
  return document.visibilityState === 'visible'
}
