/** How far the visitor read and for how long, sent when the page is left: hidden, out of focus, or navigated away. */

import { domain, isHashMode, isVisible, VERSION } from './config'
import { retry, send } from './send'
import type { RequestPayload } from './types'

const ENGAGED_MS_MIN = 3e3
const NOTHING_REPORTED = -1
const SETTLING_STEP_MS = 200
const SETTLING_STEPS = 15

/** The last counted pageview; undefined before the first and after an ignored one. */
let page: RequestPayload | undefined
let documentHeight: number
let reachPx: number
let reportedPx: number
let engagedMs: number
let engagedSince: number

export function watchEngagement(): void {
  document.addEventListener('scroll', measure)
  document.addEventListener('visibilitychange', attend)
  addEventListener('blur', attend)
  addEventListener('focus', attend)
  addEventListener('online', retry)
  if (COMPAT) {
    addEventListener('load', measureWhileSettling)
  } else {
    new ResizeObserver(measure).observe(document.documentElement)
  }
}

/** Begin a page. Without a payload its pageview was ignored, and so will its engagement be. */
export function startPage(payload?: RequestPayload): void {
  page = payload
  reachPx = engagedMs = 0
  reportedPx = NOTHING_REPORTED
  engagedSince = Date.now()
  measure()
}

/** Stop the clock and report the page, if there is anything new to say about it. */
export function reportEngagement(): void {
  if (engagedSince) engagedMs += Date.now() - engagedSince
  engagedSince = 0
  if (page && (reachPx > reportedPx || engagedMs >= ENGAGED_MS_MIN)) {
    const payload: RequestPayload = {
      n: 'engagement',
      sd: Math.round((reachPx / documentHeight) * 100),
      d: domain,
      u: page.u,
      p: page.p,
      e: engagedMs,
      v: VERSION,
    }
    if (isHashMode()) payload.h = 1
    send(payload)
    reportedPx = reachPx
    engagedMs = 0
  }
}

function attend(event: Event): void {
  if (isVisible() && event.type !== 'blur' && document.hasFocus()) {
    engagedSince = engagedSince || Date.now()
  } else {
    retry()
    reportEngagement()
  }
}

/** `scrollHeight` is never less than the client height, and the root's holds the body's borders. */
function measure(): void {
  const root = document.documentElement
  documentHeight = Math.max(root.scrollHeight, (document.body || root).scrollHeight)
  reachPx = Math.max(reachPx, Math.min(documentHeight, pageYOffset + innerHeight))
}

/** Old browsers cannot say when the document grows. */
function measureWhileSettling(): void {
  let steps = 0
  const interval = setInterval(() => {
    measure()
    if (++steps === SETTLING_STEPS) clearInterval(interval)
  }, SETTLING_STEP_MS)
}
