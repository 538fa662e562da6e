/**
 * Sends events and keeps those the server did not take, in memory and in order, until it does or the page ends.
 * An event carries a random id, so that one sent twice is counted once. Nothing is written to the browser.
 */

import { config, isVisible } from './config'
import type { EventOptions, EventResult, RequestPayload } from './types'

const PAUSE_MS_MIN = 1e3
const PAUSE_MS_MAX = 3e5
const UNSENT_EVENTS_MAX = 99

type Unsent = { body: string; callback: EventOptions['callback']; isBusy?: boolean }

let unsent: Unsent[] = []
let pauseMs = PAUSE_MS_MIN
let timer: number | undefined

export function send(payload: RequestPayload, callback?: EventOptions['callback']): void {
  const event = { body: serialize(payload), callback }
  // While the server is away later events wait behind the first, because it must see a page before its engagement.
  if (unsent[0] && isVisible()) {
    keep(event)
  } else {
    post(event)
  }
}

/** Try again now: the first in line, or all of them when the page may be about to end. */
export function retry(): void {
  timer = 0
  const due = isVisible() ? unsent.slice(0, 1) : unsent
  due.forEach(post)
}

function serialize(payload: RequestPayload): string {
  const id = Math.random().toString(36).slice(2)
  if (!COMPAT) return JSON.stringify({ ...payload, id })
  payload.id = id
  return JSON.stringify(payload)
}

function keep(event: Unsent): void {
  if (unsent.indexOf(event) < 0 && unsent.length < UNSENT_EVENTS_MAX) unsent.push(event)
}

function post(event: Unsent): void {
  if (event.isBusy) return
  event.isBusy = true
  if (COMPAT) {
    postByXhr(event)
  } else if (window.fetch) {
    fetch(config.endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      keepalive: true,
      body: event.body,
    }).then(
      (response) => settle(event, { status: response.status }, response.headers.get('Retry-After')),
      (error) => settle(event, { error }),
    )
  }
}

function postByXhr(event: Unsent): void {
  const request = new XMLHttpRequest()
  request.open('POST', config.endpoint, true)
  request.setRequestHeader('Content-Type', 'text/plain')
  request.onload = () => settle(event, { status: request.status }, request.getResponseHeader('Retry-After'))
  request.onerror = () => settle(event, { error: Error('Network error') })
  request.send(event.body)
}

/** The page hears of the first attempt only: a callback that follows a link must not wait for an outage to end. */
function settle(event: Unsent, result: EventResult, retryAfter?: string | null): void {
  event.isBusy = false
  if (result.error || (result.status as number) > 499) {
    keep(event)
    timer = timer || setTimeout(retry, Number(retryAfter) * 1e3 || pauseMs)
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
  } else {
    unsent = unsent.filter((other) => other !== event)
    pauseMs = PAUSE_MS_MIN
    retry()
  }
  const { callback } = event
  event.callback = undefined
  callback?.(result)
}
