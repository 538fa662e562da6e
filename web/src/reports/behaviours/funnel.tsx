/** How many visitors get how far. A column is everybody who entered; its filled part is who came this far. */

import type { FunnelAnswer, FunnelStep } from '../../api/answer.ts'
import { statsQuery } from '../../api/query.ts'
import { useFunnel } from '../../api/use-stats.ts'
import { formatLong } from '../../charts/format.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'

const REFUSED = 400 // The server says why a funnel makes no sense here; asking again would not help.

export function Funnel({ id, isEnabled }: { id: number; isEnabled: boolean }) {
  const { state } = useDashboard()
  const query = statsQuery(state, { metrics: ['visitors'], compareNever: true })
  const load = useFunnel(id, query, { isEnabled })
  if (load.state === 'loading') return <SkeletonRows count={5} />
  if (load.state === 'failed') {
    if (load.error.status === REFUSED) return <Empty text={load.error.message} />
    return <Failure error={load.error} retry={load.retry} />
  }
  return <Steps funnel={load.value} isStale={load.isStale} />
}

function Steps({ funnel, isStale }: { funnel: FunnelAnswer; isStale: boolean }) {
  const last = funnel.steps.at(-1)
  return (
    <div class={isStale ? 'stale' : ''}>
      <p class="funnel-head">
        {funnel.steps.length}-step funnel · <b>{last?.conversion_rate ?? '0'}%</b> conversion rate
      </p>
      <ol class="funnel">
        {funnel.steps.map((step, index) => (
          <Step key={step.label} step={step} funnel={funnel} isFirst={index === 0} />
        ))}
      </ol>
    </div>
  )
}

function Step({ step, funnel, isFirst }: { step: FunnelStep; funnel: FunnelAnswer; isFirst: boolean }) {
  const lost = isFirst
    ? `${formatLong(funnel.never_entering_visitors)} never entered (${funnel.never_entering_visitors_percentage}%)`
    : `${formatLong(step.dropoff)} dropped off (${step.dropoff_percentage}%)`
  return (
    <li class="funnel-step" style={{ '--share': `${step.conversion_rate}%` }}>
      <span class="funnel-column">
        <span class="funnel-fill" />
      </span>
      <span class="funnel-name" title={step.label}>
        {step.label}
      </span>
      <span class="funnel-figure">
        <b>{step.conversion_rate}%</b> {formatLong(step.visitors)} visitors
      </span>
      <span class="funnel-lost">{lost}</span>
    </li>
  )
}
