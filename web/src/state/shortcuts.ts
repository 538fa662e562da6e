/** Single-key shortcuts. They are silent while someone types, holds a modifier, or has a menu or modal open. */

import { useEffect, useRef } from 'preact/hooks'

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

function isBusy(): boolean {
  return document.querySelector('dialog[open], [role="menu"], [data-popover]') !== null
}

/** Run `action` when `key` is pressed alone. Pass null to switch it off. */
export function useShortcut(key: string, action: (() => void) | null, { evenInDialogs = false } = {}): void {
  const latest = useRef(action)
  latest.current = action
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key.toLowerCase() || !latest.current) return
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
        return
      if (!evenInDialogs && isBusy()) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [key, evenInDialogs])
}
