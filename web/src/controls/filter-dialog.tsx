/** One dialog edits the filters of a field: a row for each of its dimensions. */

import { useState } from 'preact/hooks'
import { useProperties } from '../api/use-properties.ts'
import { dimensionName, type Filter, type Operation, operationName, operationsFor } from '../state/filters.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { dimensionsOf, FIELDS, type FieldId } from './filter-fields.ts'
import { ValuePicker } from './value-picker.tsx'

interface Draft extends Filter {
  labels: Readonly<Record<string, string>>
}

export function FilterDialog({ field }: { field: FieldId }) {
  const props = useProperties()
  const { state, open, closeWith } = useDashboard()
  const dimensions = dimensionsOf(field, props)
  const [drafts, setDrafts] = useState<readonly Draft[]>(() =>
    dimensions.map((one) => draftOf(one, state.filters)),
  )
  const others = state.filters.filter(({ dimension }) => !dimensions.includes(dimension))
  const filled = drafts.filter(({ clauses }) => clauses.length > 0)
  const isApplied = others.length < state.filters.length

  const apply = (filters: readonly Draft[]) => {
    const labels = Object.assign({}, state.labels, ...filters.map((draft) => draft.labels))
    const clean = filters.map(({ operation, dimension, clauses }) => ({ operation, dimension, clauses }))
    closeWith({ filters: [...others, ...clean], labels })
  }
  const change = (index: number, changes: Partial<Draft>) =>
    setDrafts(drafts.map((draft, at) => (at === index ? { ...draft, ...changes } : draft)))

  return (
    <Dialog title={`Filter by ${FIELDS[field].name.toLowerCase()}`} width="narrow" onClose={() => open('/')}>
      <form
        class="filter-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (filled.length > 0) apply(filled)
        }}
      >
        {drafts.map((draft, index) => (
          <FilterRow
            key={draft.dimension}
            draft={draft}
            others={others}
            onChange={(changes) => change(index, changes)}
          />
        ))}
        <footer class="dialog-foot">
          {isApplied && (
            <button type="button" class="button quiet" onClick={() => apply([])}>
              Remove filter
            </button>
          )}
          <button type="submit" class="button primary" disabled={filled.length === 0}>
            Apply filter
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

function draftOf(dimension: string, filters: readonly Filter[]): Draft {
  const found = filters.find((filter) => filter.dimension === dimension)
  return { operation: found?.operation ?? 'is', dimension, clauses: found?.clauses ?? [], labels: {} }
}

interface FilterRowProps {
  draft: Draft
  others: readonly Filter[]
  onChange: (changes: Partial<Draft>) => void
}

function FilterRow({ draft, others, onChange }: FilterRowProps) {
  const name = dimensionName(draft.dimension)
  return (
    <fieldset class="filter-row">
      <legend>{name}</legend>
      <select
        aria-label={`${name}: operator`}
        value={draft.operation}
        onChange={(event) => onChange({ operation: event.currentTarget.value as Operation })}
      >
        {operationsFor(draft.dimension).map((operation) => (
          <option key={operation} value={operation}>
            {operationName(operation)}
          </option>
        ))}
      </select>
      <ValuePicker
        dimension={draft.dimension}
        isFree={draft.operation.startsWith('contains')}
        clauses={draft.clauses}
        labels={draft.labels}
        others={others}
        onChange={(clauses, labels) => onChange({ clauses, labels: { ...draft.labels, ...labels } })}
      />
    </fieldset>
  )
}
