/** What this browser remembers of the reader's choices, per site. A browser that refuses storage loses nothing else. */

export type StorageKey =
  | 'period'
  | 'comparison_mode'
  | 'comparison_match_day_of_week'
  | 'metric'
  | `interval__${string}`
  | `${'source' | 'page' | 'geo' | 'device' | 'behaviours'}Tab`
  | 'prop_key'
  | 'behavioursTabFunnel'
  | `order_${string}_by`

export function recall(key: StorageKey, domain: string): string | null {
  try {
    return localStorage.getItem(`${key}__${domain}`)
  } catch {
    return null
  }
}

export function remember(key: StorageKey, domain: string, value: string): void {
  try {
    localStorage.setItem(`${key}__${domain}`, value)
  } catch {
    // Storage is full or refused: the choice lives for this page only.
  }
}
