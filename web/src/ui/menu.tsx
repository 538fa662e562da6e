/** A button with a menu. Radix brings the keyboard, focus and screen-reader behaviour. */

import * as Dropdown from '@radix-ui/react-dropdown-menu'
import type { ComponentChildren } from 'preact'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'

interface MenuProps {
  label: ComponentChildren
  name: string
  icon?: IconName
  class?: string
  align?: 'start' | 'end'
  children: ComponentChildren
}

export function Menu({ label, name, icon, class: className = 'button', align = 'end', children }: MenuProps) {
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger className={className} aria-label={name}>
        {icon && <Icon name={icon} />}
        {label}
        <Icon name="chevron" size={14} />
      </Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content className="menu" align={align} sideOffset={6} collisionPadding={12} loop>
          {children as ReactNode}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  )
}

interface ItemProps {
  onSelect: () => void
  isChosen?: boolean
  shortcut?: string
  icon?: IconName
  children: ComponentChildren
}

export function MenuItem({ onSelect, isChosen, shortcut, icon, children }: ItemProps) {
  return (
    <Dropdown.Item className="menu-item" onSelect={onSelect} data-chosen={isChosen ? '' : undefined}>
      {icon && <Icon name={icon} />}
      <span class="menu-text">{children as ReactNode}</span>
      {isChosen && <span class="visually-hidden">(chosen)</span>}
      {shortcut && <kbd>{shortcut}</kbd>}
    </Dropdown.Item>
  )
}

export function MenuLink({
  href,
  icon,
  children,
}: {
  href: string
  icon?: IconName
  children: ComponentChildren
}) {
  return (
    <Dropdown.Item className="menu-item" asChild>
      <a href={href}>
        {icon && <Icon name={icon} />}
        <span class="menu-text">{children as ReactNode}</span>
      </a>
    </Dropdown.Item>
  )
}

export function MenuDivider() {
  return <Dropdown.Separator className="menu-divider" />
}

export function MenuHeading({ children }: { children: ComponentChildren }) {
  return <Dropdown.Label className="menu-heading">{children as ReactNode}</Dropdown.Label>
}
