/** What legacy scripts read from their own `<script>` element. */

import type { CustomProperties } from './types'

const element = (
  COMPAT ? document.getElementById('plausible') : LEGACY && document.currentScript
) as HTMLScriptElement

/** One domain or several with commas between; without any the server takes the page's host. */
export const scriptDomain = LEGACY ? element.dataset.domain : undefined

/** `data-api`, or the events API of the host that the script came from. */
export const scriptEndpoint: string = LEGACY
  ? element.dataset.api ||
    `${COMPAT ? element.src.split('/').slice(0, 3).join('/') : new URL(element.src).origin}/api/event`
  : ''

export function attribute(name: string): string | null {
  return element.getAttribute(name)
}

/** The call's own properties, and the element's `event-…` attributes for those it does not have. */
export function scriptProps(props: CustomProperties | undefined): CustomProperties {
  const merged: CustomProperties = {}
  for (const key in props) merged[key] = props[key] as string
  for (let index = 0; index < element.attributes.length; index++) {
    const given = element.attributes[index] as Attr
    const key = given.name.replace(/^event-/, '')
    if (key !== given.name) merged[key] = merged[key] || given.value
  }
  return merged
}

export function isExcluded(): boolean {
  const included = attribute('data-include')
  const excluded = attribute('data-exclude')
  return (!!included && !matchesAny(included)) || (!!excluded && matchesAny(excluded))
}

function matchesAny(patterns: string): boolean {
  const path = location.pathname + (HASH ? location.hash : '')
  return patterns.split(',').some((pattern) => pathPattern(pattern).test(path))
}

/** `**` is any text, `*` is any text within a part of the path, `.*` is left as it is. */
function pathPattern(pattern: string): RegExp {
  const source = pattern.trim().replace(/\*\*|\.?\*/g, (star) => (star === '*' ? '[^\\s/]*' : '.*'))
  return RegExp(`^${source}/?$`)
}
