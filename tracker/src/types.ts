/** What pages see: the options of `init` and of `track`, and the payload that `transformRequest` may change. */

export type CustomProperties = Record<string, string>

export type EventResult = { status?: number; error?: unknown }

export type EventOptions = {
  /** Custom properties of this event. */
  props?: CustomProperties
  /** `false`: the event does not end a bounce. */
  interactive?: boolean
  revenue?: { amount: number | string; currency: string }
  /** Called once: with `{status}`, with `{error}`, or with nothing when the event was ignored. */
  callback?: (result?: EventResult) => void
  /** Counts as if the visitor were at this address. */
  url?: string
}

/** What Plausible's scripts also understand on a page. */
export type PageEventOptions = EventOptions & { u?: string; meta?: Record<string, unknown> }

export type RequestPayload = {
  n: string
  v?: number
  u?: string | undefined
  d?: string | undefined
  r?: string | null
  m?: string | undefined
  p?: CustomProperties | undefined
  i?: false | undefined
  $?: EventOptions['revenue'] | undefined
  h?: 1 | undefined
} & Record<string, unknown>

export type InjectedConfig = {
  domain: string
  endpoint: string
  outboundLinks?: boolean
  fileDownloads?: boolean
  formSubmissions?: boolean
}

export type PageConfig = {
  /** Where events go; an absolute address or a path on the page's own host. */
  endpoint?: string
  autoCapturePageviews?: boolean
  hashBasedRouting?: boolean
  outboundLinks?: boolean
  fileDownloads?: boolean | { fileExtensions: string[] }
  formSubmissions?: boolean
  captureOnLocalhost?: boolean
  logging?: boolean
  customProperties?: CustomProperties | ((eventName: string) => CustomProperties)
  transformRequest?: (payload: RequestPayload) => RequestPayload | null | undefined | false
  /** Names the library that wraps the script, such as `gtm`. */
  lib?: string
  /** npm only: bind `window.plausible` and `window.passerby`. */
  bindToWindow?: boolean
}

export type Track = (eventName: string, options?: PageEventOptions) => void

/** `window.plausible`: first the page's queue stub, then the real thing. */
export type Bound = Track & {
  q?: IArguments[]
  o?: PageConfig
  init?: (options?: PageConfig) => void
  l?: boolean
  s?: string
  v?: number
}

declare global {
  interface Window {
    plausible?: Bound
    passerby?: Bound
    __plausible?: unknown
    __nightmare?: unknown
    _phantom?: unknown
    Cypress?: unknown
  }
}
