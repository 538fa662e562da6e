/** What legacy scripts read from their own `<script>` element. */

import type { CustomProperties } from './types'

// A module script or a script loader leaves no `currentScript`; then the attribute finds the element.
const element = LEGACY
  ? ((COMPAT
      ? document.getElementById('plausible')
      : document.currentScript || document.querySelector('script[data-domain]')) as HTMLScriptElement)
  : (undefined as unknown as HTMLScriptElement)

export function attribute(name: string): string | null {
  return element.getAttribute(name)
}

/** `data-api`, or the events API of the host that the script came from. */
export function scriptEndpoint(): string {
  return (
    attribute('data-api') ||
    `${COMPAT ? element.src.split('/').slice(0, 3).join('/') : new URL(element.src).origin}/api/event`
  )
}

/** The call's own properties, and the element's `event-…` attributes for those it does not have. */
export function scriptProps(props: CustomProperties | undefined): CustomProperties {
  const merged: CustomProperties = {}
  for (const key in props) merged[key] = props[key] as string
  for (let index = 0; index < element.attributes.length; index++) {
    const { name, value } = element.attributes[index] as Attr
    if (name.indexOf('event-') === 0) merged[name.slice(6)] = merged[name.slice(6)] || value
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
