/** The order of a details table: one column, largest first until asked otherwise. */

import type { Direction, Metric } from '../../api/answer.ts'

export type Order = readonly [Metric, Direction]

export function nextOrder([metric, direction]: Order, clicked: Metric): Order {
  return metric === clicked && direction === 'desc' ? [clicked, 'asc'] : [clicked, 'desc']
}

/** A remembered order, if the table still has its column. */
export function parseOrder(stored: string | null, metrics: readonly Metric[]): Order {
  const [name, direction] = (stored ?? '').split(' ')
  const metric = metrics.find((one) => one === name)
  if (metric && (direction === 'asc' || direction === 'desc')) return [metric, direction]
  return [metrics.includes('visitors') ? 'visitors' : (metrics[0] ?? 'visitors'), 'desc']
}

export function writeOrder([metric, direction]: Order): string {
  return `${metric} ${direction}`
}
