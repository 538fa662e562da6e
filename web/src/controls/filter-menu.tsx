/** The way to a filter on anything. */

import { useProperties } from '../api/use-properties.ts'
import { useBoot } from '../boot.ts'
import type { Filter } from '../state/filters.ts'
import { useDashboard } from '../state/use-dashboard.tsx'
import { Menu, MenuDivider, MenuHeading, MenuItem } from '../ui/menu.tsx'
import { FIELDS, type FieldId } from './filter-fields.ts'

const GROUPS: readonly { name: string; fields: readonly FieldId[] }[] = [
  { name: 'Page', fields: ['page', 'hostname'] },
  { name: 'Acquisition', fields: ['source', 'utm'] },
  { name: 'Visitor', fields: ['location', 'screen', 'browser', 'os'] },
]

export function FilterMenu() {
  const { goals, segments } = useBoot()
  const props = useProperties()
  const { open, filterBy } = useDashboard()
  const behaviours: FieldId[] = [
    ...(goals.length > 0 ? (['goal'] as const) : []),
    ...(props.length > 0 ? (['props'] as const) : []),
  ]
  const groups = behaviours.length > 0 ? [...GROUPS, { name: 'Behaviour', fields: behaviours }] : GROUPS
  const chooseSegment = (id: number, name: string) => {
    const filter: Filter = { operation: 'is', dimension: 'segment', clauses: [String(id)] }
    filterBy(filter, { [`segment-${id}`]: name })
  }
  return (
    <Menu label={<span class="wide-only">Filter</span>} name="Filter" icon="filter">
      {groups.map(({ name, fields }) => (
        <div key={name}>
          <MenuHeading>{name}</MenuHeading>
          {fields.map((field) => (
            <MenuItem key={field} onSelect={() => open(`/filter/${field}`)}>
              {FIELDS[field].name}
            </MenuItem>
          ))}
        </div>
      ))}
      {segments.length > 0 && (
        <>
          <MenuDivider />
          <MenuHeading>Segments</MenuHeading>
          {segments.map(({ id, name }) => (
            <MenuItem key={id} onSelect={() => chooseSegment(id, name)}>
              {name}
            </MenuItem>
          ))}
        </>
      )}
    </Menu>
  )
}
