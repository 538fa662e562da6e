/** Chosen values as chips, and a box that suggests more: a combobox by the WAI-ARIA pattern. */

import { useId, useState } from 'preact/hooks'
import { dimensionName, type Filter } from '../state/filters.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Icon } from '../ui/icons.tsx'
import { type Suggestion, useSuggestions } from './use-suggestions.ts'

interface ValuePickerProps {
  dimension: string
  isFree: boolean // Any text is welcome and nothing is suggested.
  clauses: readonly string[]
  labels: Readonly<Record<string, string>>
  others: readonly Filter[]
  onChange: (clauses: readonly string[], labels: Readonly<Record<string, string>>) => void
}

export function ValuePicker({ dimension, isFree, clauses, labels, others, onChange }: ValuePickerProps) {
  const { state } = useDashboard()
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const listId = useId()
  const found = useSuggestions(dimension, text, others, isOpen && !isFree)
  const options = found.filter(({ value }) => !clauses.includes(value))
  const add = ({ value, label }: Suggestion) => {
    onChange([...clauses, value], label === value ? {} : { [value]: label })
    setText('')
    setActive(0)
    setOpen(false) // The list would cover the next row and the buttons.
  }
  const remove = (value: string) =>
    onChange(
      clauses.filter((one) => one !== value),
      {},
    )
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && text === '') remove(clauses.at(-1) ?? '')
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      setActive(
        (active + (event.key === 'ArrowDown' ? 1 : -1) + options.length) % Math.max(options.length, 1),
      )
    }
    if (event.key === 'Enter' && (text.trim() !== '' || (isOpen && options[active]))) {
      const option = options[active]
      if (isFree && text.trim() !== '') add({ value: text.trim(), label: text.trim() })
      else if (option) add(option)
      else return
      event.preventDefault() // Enter chooses here; on an empty box it submits the form.
    }
    if (event.key === 'Escape' && isOpen && options.length > 0) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    }
  }
  return (
    <div class="picker">
      <div class="picker-box">
        {clauses.map((clause) => (
          <span key={clause} class="chip">
            {labels[clause] ?? state.labels[clause] ?? clause}
            <button type="button" aria-label={`Remove ${clause}`} onClick={() => remove(clause)}>
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        <input
          data-autofocus
          role="combobox"
          aria-expanded={isOpen && options.length > 0}
          aria-controls={listId}
          aria-activedescendant={isOpen && options[active] ? `${listId}-${active}` : undefined}
          aria-label={dimensionName(dimension)}
          autocomplete="off"
          placeholder={
            clauses.length > 0
              ? ''
              : isFree
                ? 'Type text, then Enter'
                : `Select a ${dimensionName(dimension).toLowerCase()}`
          }
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setOpen(true)
            setActive(0)
          }}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false)
            if (isFree && text.trim() !== '') add({ value: text.trim(), label: text.trim() })
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {isOpen && options.length > 0 && (
        <div
          class="picker-list"
          id={listId}
          role="listbox"
          aria-label={`${dimensionName(dimension)} suggestions`}
        >
          {options.map((option, index) => (
            <div
              key={option.value}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              class="picker-option"
              onMouseDown={(event) => {
                event.preventDefault() // Keeps the focus in the box.
                add(option)
              }}
            >
              {option.label}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
