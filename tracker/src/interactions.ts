/** Counts clicks on tagged elements, outbound links and file downloads, and sent forms; at most one event for each. */

import { options } from './config'
import { DEFAULT_FILE_TYPES } from './file-types'
import { attribute } from './script-element'
import { lineage, outermostTag } from './tags'
import { track } from './track'
import type { PageEventOptions } from './types'

const MIDDLE_BUTTON = 1
const FOLLOW_MS_MAX = 5e3

const countsOutbound = () => (LEGACY ? OUTBOUND_LINKS : options.outboundLinks)
const countsFiles = () => (LEGACY ? FILE_DOWNLOADS : options.fileDownloads)
const countsForms = () => !LEGACY && options.formSubmissions

export function captureInteractions(): void {
  if (TAGGED_EVENTS || OUTBOUND_LINKS || FILE_DOWNLOADS) {
    listen('click', onClick)
    listen('auxclick', onClick)
  }
  if (TAGGED_EVENTS) listen('submit', onSubmit)
}

/** A form may name a field `matches` or `parentElement`; the page must not see what that breaks. */
function listen<E extends Event>(type: string, handle: (event: E) => void): void {
  document.addEventListener(
    type,
    (event) => {
      try {
        handle(event as E)
      } catch (_clobberedByThePage) {}
    },
    type === 'submit',
  )
}

function onClick(event: MouseEvent): void {
  if (event.type === 'auxclick' && event.button !== MIDDLE_BUTTON) return
  const target = event.target as Element
  const link = closestLink(target)
  const line = lineage(target)
  const tag = TAGGED_EVENTS && outermostTag(line)
  if (tag) {
    // Within a form the submit counts, not the click on its button.
    if (line.some((element) => element.tagName === 'FORM')) return
    if (link && line.indexOf(link) >= 0) tag.options.props.url = link.href
    trackAndFollow(event, link, tag.name as string, tag.options)
  } else if (link) {
    onLink(event, link)
  }
}

function onLink(event: MouseEvent, link: HTMLAnchorElement): void {
  const url = link.href.split('?')[0] as string
  if (countsOutbound() && link.host && link.host !== location.host) {
    trackAndFollow(event, link, 'Outbound Link: Click', { props: { url: link.href } })
  } else if (countsFiles() && fileTypes().indexOf(url.split('.').pop() as string) >= 0) {
    trackAndFollow(event, link, 'File Download', { props: { url } })
  }
}

function onSubmit(event: Event): void {
  const form = event.target as HTMLFormElement
  const line = lineage(form)
  const tag = outermostTag(line.slice(0, 2))
  if (tag) {
    trackAndProceed(event, tag.name as string, tag.options, () => form.submit())
  } else if (countsForms() && !outermostTag(line) && form.matches('[novalidate],:valid')) {
    track('Form: Submission')
  }
}

function closestLink(element: Element | null): HTMLAnchorElement | null {
  if (!COMPAT) return (element as Element).closest('a[href]')
  while (element && !(/^a$/i.test(element.tagName) && (element as HTMLAnchorElement).href)) {
    element = element.parentElement
  }
  return element as HTMLAnchorElement | null
}

function fileTypes(): string[] {
  if (!LEGACY) {
    return (options.fileDownloads as { fileExtensions?: string[] }).fileExtensions || DEFAULT_FILE_TYPES
  }
  const replaced = attribute('file-types')
  const added = attribute('add-file-types')
  return replaced ? replaced.split(',') : DEFAULT_FILE_TYPES.concat(added ? added.split(',') : [])
}

function trackAndFollow(
  event: MouseEvent,
  link: HTMLAnchorElement | null,
  eventName: string,
  options: PageEventOptions,
): void {
  const isPlain =
    COMPAT &&
    link &&
    !event.defaultPrevented &&
    event.type === 'click' &&
    !(event.ctrlKey || event.metaKey || event.shiftKey) &&
    /^(_(self|parent|top))?$/i.test(link.target)
  if (isPlain) {
    trackAndProceed(event, eventName, options, () => open(link.href, link.target || '_self'))
  } else {
    track(eventName, options)
  }
}

/** Old browsers drop requests when the page goes, so there the page waits for the answer, but not for long. */
function trackAndProceed(
  event: Event,
  eventName: string,
  options: PageEventOptions,
  proceed: () => void,
): void {
  if (COMPAT) {
    let hasProceeded = false
    options.callback = () => {
      if (!hasProceeded) proceed()
      hasProceeded = true
    }
    event.preventDefault()
    setTimeout(options.callback, FOLLOW_MS_MAX)
  }
  track(eventName, options)
}
