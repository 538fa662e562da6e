/**
 * Sends events and keeps those the server did not take, in memory and in order, until it does or the page ends.
 * An event carries a random id, so that one sent twice is counted once. Nothing is written to the browser.
 */

import { endpoint, isVisible } from './config'
import type { EventOptions, EventResult, RequestPayload } from './types'

const PAUSE_MS_MIN = 1e3
const PAUSE_MS_MAX = 3e5
const UNSENT_EVENTS_MAX = 99
const SERVER_FAILURE_MIN = 500

const unsent: string[] = []
let pauseMs = PAUSE_MS_MIN
let timer: number | undefined

export function send(payload: RequestPayload, callback?: EventOptions['callback']): void {
  if (COMPAT) payload.id = Math.random()
  post(JSON.stringify(COMPAT ? payload : { ...payload, id: Math.random() }), UNSENT_EVENTS_MAX, callback)
}

/** Try again: the first in line, because a page must arrive before its engagement, or all when the page may end. */
export function retry(): void {
  clearTimeout(timer)
  unsent.splice(0, isVisible() ? 1 : UNSENT_EVENTS_MAX).forEach((body, place) => {
    post(body, place)
  })
}

/** `place` is where in the line the event belongs if the server does not take it. */
function post(body: string, place: number, callback?: EventOptions['callback']): void {
  // The page hears of the first attempt: a callback that follows a link must not wait for an outage to end.
  const settle = (result: EventResult, retryAfter?: string | null) => {
    // An error has no status, and undefined is less than nothing.
    if (!((result.status as number) < SERVER_FAILURE_MIN)) {
      if (unsent.length < UNSENT_EVENTS_MAX) unsent.splice(place, 0, body)
      // The first in line alone sets the alarm: one attempt at a time, however many wait.
      if (unsent[0] === body) {
        timer = setTimeout(retry, (!LEGACY && (retryAfter as unknown as number) * 1e3) || pauseMs)
        pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
      }
    } else {
      pauseMs = PAUSE_MS_MIN
      retry()
    }
    callback?.(result)
  }
  if (COMPAT) {
    postByXhr(body, settle)
  } else if (!LEGACY && !isVisible() && !('keepalive' in Request.prototype)) {
    // Such a browser drops requests when the page ends, but not those it was handed this way.
    settle(navigator.sendBeacon(endpoint, body) ? { status: 202 } : {})
  } else if (LEGACY || 'fetch' in window) {
    fetch(endpoint, {
      method: 'POST',
      // A browser says text/plain by itself, with its charset; where bytes are scarce that is enough.
      ...(!LEGACY && { headers: { 'Content-Type': 'text/plain' } }),
      keepalive: true,
      body,
    }).then(
      (response) =>
        LEGACY
          ? settle({ status: response.status })
          : settle({ status: response.status }, response.headers.get('Retry-After')),
      (error) => settle({ error }),
    )
  }
}

function postByXhr(body: string, settle: (result: EventResult) => void): void {
  const request = new XMLHttpRequest()
  request.open('POST', endpoint, true)
  request.setRequestHeader('Content-Type', 'text/plain')
  request.onload = () => settle({ status: request.status })
  request.onerror = () => settle({ error: Error('Network error') })
  request.send(body)
}
