/** A pretend server for `npm run dev`, so that the dashboard can be worked on alone. Never part of a build. */

import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import type { Row, StatsAnswer, StatsQuery, Value } from '../src/api/answer.ts'
import type { Boot } from '../src/boot.ts'
import { addDays, dayCount, endOfMonth, later, startOfMonth, startOfWeek } from '../src/state/days.ts'
import { type Period, rangeOf } from '../src/state/period.ts'

const TODAY = new Date().toISOString().slice(0, 10)
const CALENDAR = { today: TODAY, statsBegin: addDays(TODAY, -200) }

const BOOT: Boot = {
  domain: 'example.com',
  basePath: '/example.com',
  timezone: 'Etc/UTC',
  now: new Date().toISOString(),
  statsBegin: CALENDAR.statsBegin,
  countsVisitors: true,
  role: 'owner',
  isLoggedIn: true,
  isEmbedded: false,
  sharedLinkAuth: null,
  limitedToSegment: null,
  goals: ['Signup', 'Purchase', '404', 'Outbound Link: Click'].map((name) => ({ name, currency: null })),
  funnels: [],
  props: ['author', 'plan'],
  segments: [{ id: 1, name: 'Paying customers', type: 'site' }],
  sites: [
    { domain: 'example.com', path: '/example.com' },
    { domain: 'blog.example.com', path: '/blog.example.com' },
  ],
  sitesPath: '/sites',
  settingsPath: '/example.com/settings',
  loginPath: null,
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  'visit:source': [
    'Direct / None',
    'Google',
    'Hacker News',
    'Bing',
    'DuckDuckGo',
    'GitHub',
    'ChatGPT',
    'Reddit',
    'Mastodon',
    'YouTube',
  ],
  'visit:channel': ['Organic Search', 'Direct', 'Referral', 'Organic Social', 'AI', 'Email', 'Paid Search'],
  'event:page': [
    '/',
    '/pricing',
    '/blog/how-we-built-a-privacy-first-analytics-server-in-python',
    '/docs',
    '/docs/install',
    '/about',
    '/blog',
    '/changelog',
    '/contact',
    '/login',
  ],
  'visit:country': ['DE', 'US', 'FR', 'GB', 'BR', 'IN', 'EE', 'JP', 'AU', 'CA', 'ZA', 'MX', 'PL', 'SE'],
  'visit:browser': ['Chrome', 'Safari', 'Firefox', 'Edge', 'Samsung Browser', 'Opera', '(not set)'],
  'visit:os': ['Windows', 'macOS', 'iOS', 'Android', 'GNU/Linux', 'Chrome OS'],
  'visit:device': ['Desktop', 'Mobile', 'Tablet'],
  'event:goal': ['Signup', '404', 'Outbound Link: Click', 'Purchase'],
}

function noise(text: string): number {
  let hash = 2166136261
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619)
  return ((hash >>> 8) % 1000) / 1000
}

function figureOf(metric: string, size: number, seed: string): Value {
  const spread = noise(seed + metric)
  switch (metric) {
    case 'visitors':
      return Math.round(size)
    case 'visits':
    case 'group_visitors':
      return Math.round(size * 1.3)
    case 'pageviews':
    case 'events':
      return Math.round(size * 3.1)
    case 'views_per_visit':
      return 2.41
    case 'visit_duration':
    case 'time_on_page':
      return Math.round(40 + 160 * spread)
    case 'total_revenue':
    case 'average_revenue':
      return null
    default:
      return Math.round((20 + 50 * spread) * 10) / 10
  }
}

function labelsOf(query: StatsQuery, interval: string): string[] {
  const period = (
    Array.isArray(query.date_range) ? 'custom' : String(query.date_range).replace(/_30m/, '')
  ) as Period
  const [from, to] = Array.isArray(query.date_range) ? query.date_range : [null, null]
  const range = rangeOf(
    { period, date: query.relative_date ?? null, from: from ?? null, to: to ?? null },
    CALENDAR,
  )
  const days = Array.from({ length: dayCount(range.from, range.to) }, (_, at) => addDays(range.from, at))
  if (period === 'realtime')
    return Array.from(
      { length: 30 },
      (_, m) => `${new Date(Date.now() - (30 - m) * 60_000).toISOString().slice(0, 16).replace('T', ' ')}:00`,
    )
  if (interval === 'hour')
    return days.flatMap((day) =>
      Array.from({ length: 24 }, (_, h) => `${day} ${String(h).padStart(2, '0')}:00:00`),
    )
  if (interval === 'week') return [...new Set(days.map((day) => later(startOfWeek(day), range.from)))]
  if (interval === 'month') return [...new Set(days.map(startOfMonth))]
  return days
}

function rowOf(dimensions: string[], size: number, query: StatsQuery): Row {
  const seed = dimensions.join()
  const metrics = query.metrics.map((metric) => figureOf(metric, size, seed))
  if (!query.include.compare) return { dimensions, metrics }
  const before = query.metrics.map((metric) =>
    figureOf(metric, size * (0.7 + 0.5 * noise(`${seed}b`)), `${seed}b`),
  )
  const change = metrics.map((now, at) => {
    const then = before[at]
    return typeof now === 'number' && typeof then === 'number' && then > 0
      ? Math.round(((now - then) / then) * 100)
      : null
  })
  return { dimensions, metrics, comparison: { dimensions, metrics: before, change } }
}

function answer(query: StatsQuery): StatsAnswer {
  const [first] = query.dimensions
  const base = {
    meta: {},
    query: { date_range: [`${CALENDAR.statsBegin}T00:00:00Z`, `${endOfMonth(TODAY)}T23:59:59Z`] as const },
  }
  if (first === undefined) return { ...base, results: [rowOf([], 18_421, query)] }
  if (first.startsWith('time:')) {
    const labels = labelsOf(query, first.slice(5))
    const results = labels.map((label, at) =>
      rowOf([label], 600 + 240 * Math.sin(at / 1.1) + 200 * noise(label) + 4 * at, query),
    )
    return { ...base, results, meta: { time_labels: labels } }
  }
  const values = VALUES[first] ?? Array.from({ length: 12 }, (_, at) => `${first.split(':')[1]}-${at + 1}`)
  const results = values
    .map((value, at) =>
      rowOf(
        query.dimensions.map((name) => (name === first ? value : (VALUES[name]?.[at] ?? value))),
        7200 / (at + 1) ** 1.2,
        query,
      ),
    )
    .slice(0, query.pagination?.limit)
  return { ...base, results }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function send(response: ServerResponse, type: string, text: string): void {
  response.setHeader('Content-Type', type)
  response.end(text)
}

export function mockServer(): Plugin {
  return {
    name: 'mock-server',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = request.url ?? ''
        if (url.endsWith('/current-visitors')) return send(response, 'application/json', '17')
        if (url.endsWith('/query')) {
          void bodyOf(request).then((body) => {
            const query = JSON.parse(body) as StatsQuery
            setTimeout(() => send(response, 'application/json', JSON.stringify(answer(query))), 120)
          })
          return undefined
        }
        if (!url.startsWith('/example.com')) return next()
        const page = readFileSync(resolve(import.meta.dirname, 'index.html'), 'utf-8')
        void server
          .transformIndexHtml(url, page.replace('"boot"', JSON.stringify(BOOT)))
          .then((html) => send(response, 'text/html', html))
        return undefined
      })
    },
  }
}
