/** How far the visitor read and for how long, sent when the page is left: hidden, out of focus, or navigated away. */

import { config, isHashMode, isVisible, VERSION } from './config'
import { retry, send } from './send'
import type { RequestPayload } from './types'

const ENGAGED_MS_MIN = 3e3
const NOTHING_REPORTED = -1
const SETTLING_STEP_MS = 200
const SETTLING_STEPS = 15

/** The last counted pageview; undefined before the first and after an ignored one. */
let page: RequestPayload | undefined
let documentHeight = 1
let reachPx = 0
let reportedPx = NOTHING_REPORTED
let engagedMs = 0
let engagedSince = 0

export function watchEngagement(): void {
  measure()
  addEventListener('load', measure)
  document.addEventListener('scroll', measure)
  if (COMPAT) {
    addEventListener('load', measureWhileSettling)
  } else if (window.ResizeObserver) {
    new ResizeObserver(measure).observe(document.documentElement)
  }
  document.addEventListener('visibilitychange', attend)
  addEventListener('blur', attend)
  addEventListener('focus', attend)
  addEventListener('online', retry)
}

/** Begin a page. Without a payload its pageview was ignored, and so will its engagement be. */
export function startPage(payload: RequestPayload | undefined): void {
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
  if (!page || (reachPx <= reportedPx && engagedMs < ENGAGED_MS_MIN)) return
  send({
    n: 'engagement',
    sd: Math.round((reachPx / documentHeight) * 100),
    d: config.domain,
    u: page.u,
    p: page.p,
    e: engagedMs,
    v: VERSION,
    h: isHashMode() ? 1 : undefined,
  })
  reportedPx = reachPx
  engagedMs = 0
}

function attend(event: Event): void {
  if (isVisible() && event.type !== 'blur' && document.hasFocus()) {
    engagedSince = engagedSince || Date.now()
  } else {
    retry()
    reportEngagement()
  }
}

function measure(): void {
  const root = document.documentElement
  const body = document.body || root
  documentHeight = Math.max(
    body.scrollHeight,
    body.offsetHeight,
    body.clientHeight,
    root.scrollHeight,
    root.offsetHeight,
    root.clientHeight,
  )
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
