/** Visitors by country on a map. The Countries tab is its table form. */

import { geoMercator, geoPath } from 'd3-geo'
import { useMemo, useState } from 'preact/hooks'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import world from 'world-atlas/countries-110m.json'
import type { Metric } from '../../api/answer.ts'
import { statsQuery } from '../../api/query.ts'
import { useStats } from '../../api/use-stats.ts'
import { useBoot } from '../../boot.ts'
import { formatLong } from '../../charts/format.ts'
import { useDashboard } from '../../state/use-dashboard.tsx'
import { Failure } from '../../ui/states.tsx'
import { knownMetrics, metricLabel, REPORTS } from '../definitions.ts'
import { type ListRow, listRows } from '../rows.ts'
import codes from './country-codes.json'
import { mapShade } from './shade.ts'

const WIDTH = 560
const HEIGHT = 388
const COUNTRIES_MAX = 300
const ANTARCTICA = '010'
const CODES: Readonly<Record<string, string>> = codes

interface Shape {
  code: string | null
  path: string
}

function shapesOf(): Shape[] {
  const topology = world as unknown as Topology<{ countries: GeometryCollection }>
  const { features } = feature(topology, topology.objects.countries)
  const shown = features.filter(({ id }) => id !== ANTARCTICA)
  const projection = geoMercator().fitSize([WIDTH, HEIGHT], {
    type: 'FeatureCollection',
    features: shown,
  })
  const path = geoPath(projection).digits(1)
  return shown.map((shape) => ({ code: CODES[String(shape.id)] ?? null, path: path(shape) ?? '' }))
}

interface Hover {
  row: ListRow
  x: number
  y: number
}

export function WorldMap({ isEnabled }: { isEnabled: boolean }) {
  const { state, filterBy } = useDashboard()
  const shapes = useMemo(shapesOf, [])
  const [hover, setHover] = useState<Hover | null>(null)
  const metrics = knownMetrics(['visitors'], useBoot())
  const query = statsQuery(state, {
    metrics,
    dimensions: ['visit:country'],
    orderBy: [[metrics[0], 'desc']],
    page: { limit: COUNTRIES_MAX, offset: 0 },
    compareNever: true,
  })
  const load = useStats(query, { isEnabled })
  if (load.state === 'failed') return <Failure error={load.error} retry={load.retry} />
  const rows = load.state === 'ready' ? listRows(REPORTS.countries, load.value.results) : []
  const byCode = new Map(rows.map((row) => [row.country, row]))
  const follow = (event: MouseEvent, row: ListRow | undefined) =>
    setHover(row ? { row, x: event.offsetX, y: event.offsetY } : null)
  return (
    <div class={`map ${load.state === 'loading' ? 'loading' : ''}`}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={summaryOf(rows, metrics[0])}
        onMouseLeave={() => setHover(null)}
      >
        {shapes.map(({ code, path }) => {
          const row = code ? byCode.get(code) : undefined
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: The Countries tab is the keyboard's way to the same filter.
            <path
              key={path}
              d={path}
              class={row ? 'country counted' : 'country'}
              style={row ? { '--shade': `${mapShade(row.share)}%` } : undefined}
              onMouseMove={(event) => follow(event, row)}
              onClick={() => row && filterBy(row.filter, row.labels)}
            />
          )
        })}
      </svg>
      {hover && (
        <div class="tooltip map-tooltip" style={{ left: `${hover.x}px`, top: `${hover.y}px` }}>
          <strong>{hover.row.name}</strong>
          <span>
            {formatLong(Number(hover.row.metrics[0] ?? 0))}{' '}
            {metricLabel(metrics[0], null, state).toLowerCase()}
          </span>
        </div>
      )}
    </div>
  )
}

function summaryOf(rows: readonly ListRow[], counted: Metric): string {
  const top = rows.slice(0, 5).map(({ name, metrics }) => `${name} ${formatLong(Number(metrics[0] ?? 0))}`)
  return top.length === 0 ? `World map without ${counted}` : `World map of ${counted}: ${top.join(', ')}`
}
