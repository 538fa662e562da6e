/** The options in force, set once before anything else runs. */

import { scriptDomain, scriptEndpoint } from './script-element'
import type { PageConfig } from './types'

/** The dialect of the events API we speak; the same number as Plausible's script. */
export const VERSION = 33

export let domain = scriptDomain
export let endpoint = scriptEndpoint
/** What the page chose; legacy scripts have attributes and flags instead. */
export let options: PageConfig

export function configure(site: string, url: string, chosen: PageConfig): void {
  domain = site
  endpoint = url
  options = chosen
}

export function isHashMode(): boolean | undefined {
  return HASH && (LEGACY || options.hashBasedRouting)
}

export function isVisible(): boolean {
  return document.visibilityState === 'visible'
}
