/** The package: the same tracker as an import. It touches the page only when `init` is called. */

import { configure } from './config'
import { DEFAULT_FILE_TYPES } from './file-types'
import { start } from './start'
import { track as trackEvent } from './track'
import type { EventOptions, PageConfig } from './types'

export type {
  CustomProperties,
  EventOptions as PlausibleEventOptions,
  EventResult,
  RequestPayload as PlausibleRequestPayload,
} from './types'
export { DEFAULT_FILE_TYPES }

export type PlausibleConfig = PageConfig & {
  /** The site that events are counted for, as it is registered. */
  domain: string
}

/** The events API on the page's own host, as a first-party proxy offers it. */
const DEFAULT_ENDPOINT = '/api/event'

let isInitialized = false

/** Start counting. May be called once. */
export function init(options: PlausibleConfig): void {
  if (isInitialized) throw new Error('plausible.init() can only be called once')
  if (!options?.domain) throw new Error('plausible.init(): domain argument is required')
  isInitialized = true
  configure(options.domain, options.endpoint || DEFAULT_ENDPOINT, options)
  start()
}

/** Count an event. */
export function track(eventName: string, options?: EventOptions): void {
  if (!isInitialized) throw new Error('plausible.track() can only be called after plausible.init()')
  trackEvent(eventName, options)
}
