/** The frame of a report: title, tabs, body, and the way to its details. */

import type { ComponentChildren, RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Icon } from '../ui/icons.tsx'
import { type Tab, Tabs } from '../ui/tabs.tsx'
import { useSeen } from '../ui/use-seen.ts'
import { onPlainClick } from './bar-list.tsx'

interface PanelProps<Id extends string> {
  title: string
  tabs: readonly Tab<Id>[]
  chosen: Id
  onChoose: (id: Id) => void
  extra?: ComponentChildren
  detailsRoute: string | null
  note?: ComponentChildren
  class?: string
  children: (isSeen: boolean) => ComponentChildren
}

export function Panel<Id extends string>(props: PanelProps<Id>) {
  const ref = useRef<HTMLElement>(null)
  const isSeen = useSeen(ref as RefObject<Element>)
  return (
    <section ref={ref} class={`card panel ${props.class ?? ''}`} aria-label={props.title}>
      <header class="panel-head">
        <h2>{props.title}</h2>
        <Tabs
          name={`${props.title} report`}
          tabs={props.tabs}
          chosen={props.chosen}
          onChoose={props.onChoose}
        />
        {props.extra}
      </header>
      <div class="panel-body">{props.children(isSeen)}</div>
      <footer class="panel-foot">
        {props.note}
        {props.detailsRoute && <DetailsLink route={props.detailsRoute} title={props.title} />}
      </footer>
    </section>
  )
}

function DetailsLink({ route, title }: { route: string; title: string }) {
  const { open, routeHref } = useDashboard()
  return (
    <a class="details-link" href={routeHref(route)} onClick={onPlainClick(() => open(route))}>
      <Icon name="expand" size={14} />
      Details<span class="visually-hidden"> of {title}</span>
    </a>
  )
}
