/** The filters in words. Each opens its editor; × takes it away. */

import { useBoot } from '../boot.ts'
import { dimensionName, type Filter, operationName } from '../state/filters.ts'
import { useShortcut } from '../state/shortcuts.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Icon } from '../ui/icons.tsx'
import { fieldOf } from './filter-fields.ts'

const VALUES_SHOWN = 3

export function FilterPills() {
  const { limitedToSegment } = useBoot()
  const { state, update, route } = useDashboard()
  const { filters } = state
  const clear = () => update({ filters: [], labels: {} })
  useShortcut('Escape', filters.length > 0 && route === '/' ? clear : null)
  if (filters.length === 0) return null
  return (
    <ul class="pills" aria-label="Filters">
      {filters.map((filter, index) => (
        <Pill
          key={`${filter.dimension}${filter.operation}`}
          filter={filter}
          isFixed={limitedToSegment !== null && filter.dimension === 'segment'}
          onRemove={() => update({ filters: filters.filter((_, at) => at !== index) })}
        />
      ))}
      {filters.length > 1 && (
        <li>
          <button type="button" class="button small quiet" onClick={clear}>
            Clear all
          </button>
        </li>
      )}
    </ul>
  )
}

/** `France or Germany`, and the rest as a number. */
export function valuesText(filter: Filter, labels: Readonly<Record<string, string>>): string {
  const prefix = filter.dimension === 'segment' ? 'segment-' : ''
  const names = filter.clauses.map((clause) => labels[prefix + clause] ?? clause)
  const more = names.length - VALUES_SHOWN
  return names.slice(0, VALUES_SHOWN).join(' or ') + (more > 0 ? ` or ${more} more` : '')
}

interface PillProps {
  filter: Filter
  isFixed: boolean
  onRemove: () => void
}

function Pill({ filter, isFixed, onRemove }: PillProps) {
  const { state, open } = useDashboard()
  const field = fieldOf(filter.dimension)
  const text = (
    <>
      {dimensionName(filter.dimension)} <span class="pill-operation">{operationName(filter.operation)}</span>{' '}
      <b>{valuesText(filter, state.labels)}</b>
    </>
  )
  return (
    <li class={isFixed ? 'pill fixed' : 'pill'}>
      {field ? (
        <button type="button" class="pill-text" onClick={() => open(`/filter/${field}`)}>
          {text}
        </button>
      ) : (
        <span class="pill-text">{text}</span>
      )}
      {!isFixed && (
        <button
          type="button"
          class="pill-remove"
          aria-label={`Remove filter ${dimensionName(filter.dimension)}`}
          onClick={onRemove}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </li>
  )
}
