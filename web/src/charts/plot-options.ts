/** How the graph is drawn: uPlot's options for our points. */

import type uPlot from 'uplot'
import type { Metric } from '../api/answer.ts'
import type { Interval } from '../state/period.ts'
import { axisLabel } from './bucket-label.ts'
import { formatValue, magnitude } from './format.ts'
import type { Palette } from './palette.ts'
import { type Point, splitLines } from './series.ts'

export interface PlotInput {
  points: readonly Point[]
  metric: Metric
  interval: Interval
  palette: Palette
  width: number
  height: number
  onHover: (index: number | null) => void
}

const FONT = '12px "Inter Variable", system-ui, sans-serif'
const AXIS_GAP = 96 // Pixels an axis label wants for itself.
const LONELY_MAX = 2 // So few points make no line: draw them as dots.

export function plotData(points: readonly Point[]): uPlot.AlignedData {
  const numbers = points.map(({ value }) => magnitude(value))
  const { solid, dashed } = splitLines(points, numbers)
  const before = points.map(({ comparison }) => magnitude(comparison?.value ?? null))
  return [points.map((_, index) => index), before, numbers, solid, dashed]
}

export function plotOptions(input: PlotInput): uPlot.Options {
  const { points, palette, width, height, onHover } = input
  const isLonely = points.filter(({ value }) => value !== null).length <= LONELY_MAX
  return {
    width,
    height,
    padding: [12, 26, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: (_, low, high) => (low === high ? [low - 1, high + 1] : [low, high]) },
      y: { range: rangeY },
    },
    cursor: {
      y: false,
      // The line stands on the bucket, not between two.
      move: (plot, left, top) => (left < 0 ? [left, top] : [plot.valToPos(plot.posToIdx(left), 'x'), top]),
      drag: { x: false, y: false },
      points: {
        size: 9,
        width: 2.5,
        fill: () => palette.surface,
        stroke: (_, i) => (i === 1 ? palette.comparison : palette.line),
      },
    },
    series: [
      {},
      { stroke: palette.comparison, width: 1.75, points: { show: false } },
      // The area lies under both lines, so it is a series of its own without a stroke.
      { width: 0, fill: (plot) => gradient(plot, palette), points: { show: false } },
      { stroke: palette.line, width: 2.25, points: { show: isLonely, size: 8, fill: palette.line } },
      {
        stroke: palette.line,
        width: 2.25,
        dash: [5, 5],
        points: { show: isLonely, size: 8, fill: palette.surface },
      },
    ],
    axes: [axisX(input), axisY(input)],
    hooks: { setCursor: [(plot) => onHover(plot.cursor.idx ?? null)] },
  }
}

/** From zero to a little above the highest point; an empty graph still has an axis. */
function rangeY(_plot: uPlot, _low: number | null, high: number | null): uPlot.Range.MinMax {
  return [0, high && high > 0 ? high * 1.08 : 1]
}

function gradient(plot: uPlot, palette: Palette): CanvasGradient {
  const { top, height } = plot.bbox
  const fill = plot.ctx.createLinearGradient(0, top, 0, top + height)
  fill.addColorStop(0, palette.fillTop)
  fill.addColorStop(1, palette.fillBottom)
  return fill
}

function axisX({ points, interval, palette, width }: PlotInput): uPlot.Axis {
  const years = new Set(points.map(({ label }) => label.slice(0, 4)))
  const step = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor(width / AXIS_GAP))))
  return {
    stroke: palette.text,
    font: FONT,
    size: 34,
    gap: 8,
    grid: { show: false },
    ticks: { show: false },
    splits: () => points.map((_, index) => index).filter((index) => index % step === 0),
    values: (_, splits) =>
      splits.map((index) => axisLabel(points[index]?.label ?? '', interval, years.size > 1)),
  }
}

function axisY({ metric, palette }: PlotInput): uPlot.Axis {
  return {
    stroke: palette.text,
    font: FONT,
    gap: 8,
    size: (_, values) => 20 + 7 * Math.max(3, ...(values ?? []).map((text) => text.length)),
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
    space: 56,
    // Half a visitor is nothing to mark on an axis.
    incrs: isWhole(metric)
      ? [1, 2, 5].flatMap((n) => TENS.map((ten) => n * ten)).sort((a, b) => a - b)
      : (DURATIONS[metric] ?? STEPS),
    values: (_, splits) => splits.map((value) => formatValue(metric, value)),
  }
}

const TENS = Array.from({ length: 10 }, (_, power) => 10 ** power)
const STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1_000, 5_000, 10_000, 100_000, 1_000_000,
]
const SECONDS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400]
const DURATIONS: Partial<Record<Metric, number[]>> = { visit_duration: SECONDS, time_on_page: SECONDS }

function isWhole(metric: Metric): boolean {
  return ['visitors', 'visits', 'pageviews', 'events'].includes(metric)
}
