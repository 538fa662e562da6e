import { useState } from 'preact/hooks'
import { useBoot } from '../boot.ts'
import { recall, remember, type StorageKey } from '../state/storage.ts'

/** The chosen tab, remembered per site. A stored value that is no tab any more is forgotten. */
export function useTab<Id extends string>(
  key: StorageKey,
  ids: readonly Id[],
  first: Id,
): readonly [Id, (id: Id) => void] {
  const { domain } = useBoot()
  const [tab, setTab] = useState<Id>(() => {
    const stored = recall(key, domain)
    return ids.find((id) => id === stored) ?? first
  })
  const choose = (id: Id) => {
    remember(key, domain, id)
    setTab(id)
  }
  return [tab, choose]
}
