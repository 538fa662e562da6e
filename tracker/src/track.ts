/** `plausible(name, options)`: decide whether an event counts, build its payload and hand it to be sent. */

import { config, isHashMode, VERSION } from './config'
import { reportEngagement, startPage } from './engagement'
import { isExcluded, scriptProps } from './script-element'
import { send } from './send'
import type { CustomProperties, PageEventOptions, RequestPayload } from './types'

const LOCALHOST = /^(localhost|127(\.\d+){1,3}|\[::1?])$/

/** Never throws: what the page's own functions throw becomes the reason why the event is ignored. */
export function track(eventName: string, options?: PageEventOptions): void {
  const given = options || {}
  const isPageview = eventName === 'pageview'
  let payload: RequestPayload | undefined | null | false
  let reason: unknown
  if (isPageview) reportEngagement()
  try {
    reason = refusal(isPageview)
    if (reason === undefined) {
      payload = payloadOf(eventName, given)
      if (!LEGACY && config.transformRequest) payload = config.transformRequest(payload)
      if (!payload) reason = 'transformRequest'
    }
    if (isPageview) startPage(payload || undefined)
    if (payload) return send(payload, given.callback)
  } catch (error) {
    reason = error
  }
  if (reason && (LEGACY || config.logging !== false)) console.warn(`Ignoring Event: ${reason}`)
  given.callback?.()
}

/** Why an event must not count; an empty text is a reason nobody is told, undefined is none. */
function refusal(isPageview: boolean): string | undefined {
  if (LEGACY ? !LOCAL : !config.captureOnLocalhost) {
    if (LOCALHOST.test(location.hostname) || location.protocol === 'file:') return 'localhost'
    if (
      (window._phantom || window.__nightmare || navigator.webdriver || window.Cypress) &&
      !window.__plausible
    ) {
      return ''
    }
  }
  try {
    if (localStorage.plausible_ignore === 'true') return 'localStorage flag'
  } catch (_storageIsForbidden) {}
  return EXCLUSIONS && isPageview && isExcluded() ? 'exclusion rule' : undefined
}

function payloadOf(eventName: string, options: PageEventOptions): RequestPayload {
  return {
    n: eventName,
    v: VERSION,
    u: (MANUAL && (options.u || options.url)) || location.href,
    d: config.domain,
    r: document.referrer || null,
    m: LEGACY && options.meta ? JSON.stringify(options.meta) : undefined,
    p: propsOf(eventName, options.props),
    i: options.interactive === false ? false : undefined,
    $: REVENUE ? options.revenue : undefined,
    h: isHashMode() ? 1 : undefined,
  }
}

function propsOf(eventName: string, props: CustomProperties | undefined): CustomProperties | undefined {
  if (LEGACY) return PAGEVIEW_PROPS ? scriptProps(props) : props
  let common = config.customProperties
  if (typeof common === 'function') common = common(eventName)
  return typeof common === 'object' ? { ...common, ...props } : props
}
