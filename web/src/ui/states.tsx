/** What a panel shows when it has nothing to show yet, or at all. */

import type { ApiError } from '../api/errors.ts'
import { Icon } from './icons.tsx'

const WIDTHS = [92, 74, 61, 55, 43, 38, 30, 24, 19] as const

export function SkeletonRows({ count = 9 }: { count?: number }) {
  return (
    <div class="skeleton-rows" role="status" aria-label="Loading">
      {WIDTHS.slice(0, count).map((width) => (
        <div key={width} class="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}

export function Empty({ text = 'No data yet' }: { text?: string }) {
  return (
    <div class="notice">
      <svg width="56" height="40" viewBox="0 0 56 40" aria-hidden="true" class="notice-art">
        <rect x="6" y="24" width="8" height="12" rx="4" />
        <rect x="20" y="14" width="8" height="22" rx="4" />
        <rect x="34" y="20" width="8" height="16" rx="4" />
        <circle cx="24" cy="6" r="4" />
      </svg>
      <p>{text}</p>
    </div>
  )
}

export function Failure({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <div class="notice" role="alert">
      <span class="notice-warning">
        <Icon name="warning" size={22} />
      </span>
      <p>{error.message}</p>
      <button type="button" class="button small" onClick={retry}>
        Try again
      </button>
    </div>
  )
}
