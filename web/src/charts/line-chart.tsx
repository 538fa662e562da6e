/** The graph itself: a canvas by uPlot, a tooltip by us. It receives points and draws them. */

import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Metric } from '../api/answer.ts'
import type { Interval } from '../state/period.ts'
import { GraphTooltip } from './graph-tooltip.tsx'
import { onThemeChange, readPalette } from './palette.ts'
import { plotData, plotOptions } from './plot-options.ts'
import type { Point } from './series.ts'

interface LineChartProps {
  points: readonly Point[]
  metric: Metric
  label: string
  interval: Interval
  onChoose: ((label: string) => void) | null
}

interface Hover {
  index: number
  left: number
  isRight: boolean
}

const HEIGHT = 320
const HEIGHT_PHONE = 220
const PHONE_WIDTH_MAX = 560

export function LineChart({ points, metric, label, interval, onChoose }: LineChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const [hover, setHover] = useState<Hover | null>(null)

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    let plot: uPlot | null = null
    const onHover = (index: number | null) => {
      const left = plot && index !== null ? plot.valToPos(index, 'x') + plot.bbox.left / devicePixelRatio : 0
      setHover(plot && index !== null ? { index, left, isRight: left > element.clientWidth / 2 } : null)
    }
    const draw = () => {
      plot?.destroy()
      const width = element.clientWidth
      const height = width < PHONE_WIDTH_MAX ? HEIGHT_PHONE : HEIGHT
      const palette = readPalette(element)
      plot = new uPlot(
        plotOptions({ points, metric, interval, palette, width, height, onHover }),
        plotData(points),
        element,
      )
    }
    draw()
    const resize = new ResizeObserver(() => {
      if (plot && element.clientWidth !== plot.width) draw()
    })
    resize.observe(element)
    const forget = onThemeChange(draw)
    void document.fonts.ready.then(() => plot?.redraw())
    return () => {
      resize.disconnect()
      forget()
      plot?.destroy()
      plot = null
    }
  }, [points, metric, interval])

  const point = hover ? points[hover.index] : undefined
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: The table view is the keyboard's form of the graph, with a link in each row.
    <div
      class={`chart ${onChoose && point && !point.isFuture ? 'clickable' : ''}`}
      onMouseLeave={() => setHover(null)}
      onClick={() => point && !point.isFuture && onChoose?.(point.label)}
    >
      <div ref={host} aria-hidden="true" />
      {hover && point && (
        <GraphTooltip
          point={point}
          metric={metric}
          label={label}
          interval={interval}
          hint={onChoose !== null}
          left={hover.left}
          isRight={hover.isRight}
        />
      )}
    </div>
  )
}
