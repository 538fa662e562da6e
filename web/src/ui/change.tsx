/** How a figure moved: an arrow with the size of the move. The word is there for those who see no arrow or colour. */

import type { Metric } from '../api/answer.ts'
import { formatChange, trendOf } from '../charts/format.ts'
import { Icon } from './icons.tsx'

export function Change({ metric, change, title }: { metric: Metric; change: number | null; title?: string }) {
  if (change === null) return null
  if (change === 0) {
    return (
      <span class="change flat" title={title}>
        {formatChange(metric, 0)}
      </span>
    )
  }
  const isRise = change > 0
  return (
    <span class={`change ${trendOf(metric, change)}`} title={title}>
      <Icon name={isRise ? 'up' : 'down'} size={12} />
      <span class="visually-hidden">{isRise ? 'up' : 'down'}</span>
      {formatChange(metric, change)}
    </span>
  )
}
