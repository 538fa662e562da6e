/** `plausible(name, options)`: decide whether an event counts, build its payload and hand it to be sent. */

import { options as chosen, domain, isHashMode, VERSION } from './config'
import { reportEngagement, startPage } from './engagement'
import { isExcluded, scriptProps } from './script-element'
import { send } from './send'
import type { CustomProperties, PageEventOptions, RequestPayload } from './types'

const LOCALHOST = /^(localhost|127(\.\d+){1,3}|\[::1?])$/

/**
 * Count an event, or say why not. The reason is thrown, so that what the page's own functions throw is one too:
 * a `transformRequest` that fails must not let an address through unredacted, and a broken page is not ours to break.
 */
export function track(eventName: string, given?: PageEventOptions): void {
  const options = given || {}
  const isPageview = eventName === 'pageview'
  if (isPageview) reportEngagement()
  try {
    refuse(isPageview)
    const payload = transformed(payloadOf(eventName, options))
    if (isPageview) startPage(payload)
    send(payload, options.callback)
  } catch (reason) {
    if (isPageview) startPage()
    if (reason && (LEGACY || chosen.logging !== false)) console.warn(`Ignoring Event: ${reason}`)
    options.callback?.()
  }
}

function transformed(payload: RequestPayload): RequestPayload {
  if (LEGACY || !chosen.transformRequest) return payload
  const changed = chosen.transformRequest(payload)
  if (!changed) throw 'transformRequest'
  return changed
}

/** Throws why an event must not count; an empty text is a reason that nobody is told. */
function refuse(isPageview: boolean): void {
  if (LEGACY ? !LOCAL : !chosen.captureOnLocalhost) {
    if (LOCALHOST.test(location.hostname) || location.protocol === 'file:') throw 'localhost'
    if (
      (window._phantom || window.__nightmare || navigator.webdriver || window.Cypress) &&
      !window.__plausible
    ) {
      throw ''
    }
  }
  let hasOptedOut = false
  try {
    hasOptedOut = localStorage.plausible_ignore === 'true'
  } catch (_storageIsForbidden) {}
  if (hasOptedOut) throw 'localStorage flag'
  if (EXCLUSIONS && isPageview && isExcluded()) throw 'exclusion rule'
}

function payloadOf(eventName: string, options: PageEventOptions): RequestPayload {
  const payload: RequestPayload = {
    n: eventName,
    v: VERSION,
    u: (MANUAL && (options.u || options.url)) || location.href,
    d: domain,
    r: document.referrer || null,
    ...(LEGACY && { m: options.meta && JSON.stringify(options.meta) }),
    p: propsOf(eventName, options.props),
    i: options.interactive === false ? false : undefined,
  }
  if (REVENUE) payload.$ = options.revenue
  if (isHashMode()) payload.h = 1
  return payload
}

function propsOf(eventName: string, props: CustomProperties | undefined): CustomProperties | undefined {
  if (LEGACY) return PAGEVIEW_PROPS ? scriptProps(props) : props
  let common = chosen.customProperties
  if (typeof common === 'function') common = common(eventName)
  return typeof common === 'object' ? { ...common, ...props } : props
}
