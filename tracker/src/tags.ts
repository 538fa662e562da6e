/** Events declared by CSS classes: `plausible-event-name=Signup plausible-event-plan=Pro plausible-revenue-amount=9`. */

import type { CustomProperties, PageEventOptions } from './types'

/** `--` stands for `=` where a site builder forbids it. */
const TAG = /^plausible-(event|revenue)-(.+?)(?:=|--)(.+)$/

const TAGGED_ANCESTORS_MAX = 3

export type Tag = { name?: string; options: PageEventOptions & { props: CustomProperties } }

/** The outermost tag in a line of elements. */
export function outermostTag(line: Element[]): Tag | undefined {
  return line
    .map(tagOf)
    .filter((tag) => tag.name)
    .pop()
}

/** An element and the ancestors that may carry its tag, nearest first. */
export function lineage(element: Element | null): Element[] {
  const line: Element[] = []
  while (element && line.length <= TAGGED_ANCESTORS_MAX) {
    line.push(element)
    element = element.parentElement
  }
  return line
}

function tagOf(element: Element): Tag {
  const tag: Tag = { options: { props: {} } }
  // An SVG element's `className` is no string, hence the attribute.
  const classes = element.getAttribute('class') || ''
  classes.split(/\s+/).forEach((name) => {
    const match = TAG.exec(name) as [string, string, string, string] | null
    if (match) readClass(tag, match)
  })
  return tag
}

function readClass(tag: Tag, match: [string, string, string, string]): void {
  const key = match[2]
  const text = match[3].replace(/\+/g, ' ')
  if (match[1] === 'revenue') {
    if (REVENUE) addRevenue(tag.options, key, match[3])
  } else if (/^name$/i.test(key)) {
    tag.name = text
  } else {
    tag.options.props[key] = text
  }
}

function addRevenue(options: PageEventOptions, key: string, value: string): void {
  const revenue: Record<string, unknown> = options.revenue || {}
  revenue[key] = value
  options.revenue = revenue as NonNullable<PageEventOptions['revenue']>
}
