/** A modal. The browser's own `<dialog>` keeps focus inside, gives it back, and answers Esc. */

import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from './icons.tsx'

interface DialogProps {
  title: string
  width: 'narrow' | 'wide'
  onClose: () => void
  toolbar?: ComponentChildren
  children: ComponentChildren
}

export function Dialog({ title, width, onClose, toolbar, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) {
      dialog.showModal()
      ;(dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog).focus()
    }
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the keyboard's way out; a click on the backdrop is the pointer's.
    <dialog
      ref={ref}
      class={`dialog ${width}`}
      aria-label={title}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2>{title}</h2>
          {toolbar}
          <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
