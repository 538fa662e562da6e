/** Every list on the dashboard is one entry here: what it groups by, what a click filters, what its details show. */

import type { Metric } from '../api/answer.ts'
import type { DashboardState } from '../state/dashboard-state.ts'
import { hasGoalFilter } from '../state/filters.ts'

export type ReportId =
  | 'channels'
  | 'sources'
  | 'referrers'
  | 'utm_mediums'
  | 'utm_sources'
  | 'utm_campaigns'
  | 'utm_contents'
  | 'utm_terms'
  | 'pages'
  | 'entry-pages'
  | 'exit-pages'
  | 'countries'
  | 'regions'
  | 'cities'
  | 'browsers'
  | 'browser-versions'
  | 'operating-systems'
  | 'operating-system-versions'
  | 'screen-sizes'

export interface Report {
  id: ReportId
  title: string
  column: string
  dimension: string // The dashboard's name, as in `f=is,source,…`.
  groupBy: readonly [string, ...string[]] // The first is the value a click filters by.
  searchBy: string | null // The dimension a search in the details looks in.
  icon: 'letter' | 'flag' | 'screen' | 'none'
  isPlace?: boolean
  isOfVisits?: boolean // Events do not know it.
  visitorsLabel?: string
  details: readonly Metric[]
}

const ENGAGEMENT: readonly Metric[] = ['visitors', 'bounce_rate', 'visit_duration']
const SHARE: readonly Metric[] = ['visitors', 'percentage', 'bounce_rate', 'visit_duration']

function utm(kind: string, title: string): Report {
  const dimension = `visit:utm_${kind}`
  return {
    id: `utm_${kind}s` as ReportId,
    title,
    column: title.replace(/s$/, ''),
    dimension: `utm_${kind}`,
    groupBy: [dimension],
    searchBy: dimension,
    icon: 'none',
    details: ENGAGEMENT,
  }
}

function simple(
  id: ReportId,
  title: string,
  column: string,
  dimension: string,
  rest: Partial<Report>,
): Report {
  const grouped = rest.groupBy ?? [`visit:${dimension}`]
  return {
    id,
    title,
    column,
    dimension,
    groupBy: grouped,
    searchBy: grouped[0],
    icon: 'letter',
    details: ENGAGEMENT,
    ...rest,
  }
}

export const REPORTS: Readonly<Record<ReportId, Report>> = {
  channels: simple('channels', 'Channels', 'Channel', 'channel', { icon: 'none' }),
  sources: simple('sources', 'Sources', 'Source', 'source', {}),
  referrers: simple('referrers', 'Referrers', 'Referrer', 'referrer', {}),
  utm_mediums: utm('medium', 'UTM mediums'),
  utm_sources: utm('source', 'UTM sources'),
  utm_campaigns: utm('campaign', 'UTM campaigns'),
  utm_contents: utm('content', 'UTM contents'),
  utm_terms: utm('term', 'UTM terms'),
  pages: simple('pages', 'Top pages', 'Page', 'page', {
    groupBy: ['event:page'],
    icon: 'none',
    details: ['visitors', 'pageviews', 'bounce_rate', 'time_on_page', 'scroll_depth'],
  }),
  'entry-pages': simple('entry-pages', 'Entry pages', 'Entry page', 'entry_page', {
    icon: 'none',
    isOfVisits: true,
    visitorsLabel: 'Unique entrances',
    details: ['visitors', 'visits', 'bounce_rate', 'visit_duration'],
  }),
  'exit-pages': simple('exit-pages', 'Exit pages', 'Exit page', 'exit_page', {
    icon: 'none',
    isOfVisits: true,
    visitorsLabel: 'Unique exits',
    details: ['visitors', 'visits', 'exit_rate'],
  }),
  countries: simple('countries', 'Countries', 'Country', 'country', {
    icon: 'flag',
    isPlace: true,
    searchBy: 'visit:country_name',
    details: ['visitors', 'percentage'],
  }),
  regions: simple('regions', 'Regions', 'Region', 'region', {
    groupBy: ['visit:region', 'visit:region_name'],
    icon: 'flag',
    isPlace: true,
    searchBy: 'visit:region_name',
    details: ['visitors', 'percentage'],
  }),
  cities: simple('cities', 'Cities', 'City', 'city', {
    groupBy: ['visit:city', 'visit:city_name', 'visit:country'],
    icon: 'flag',
    isPlace: true,
    searchBy: 'visit:city_name',
    details: ['visitors', 'percentage'],
  }),
  browsers: simple('browsers', 'Browsers', 'Browser', 'browser', { details: SHARE }),
  'browser-versions': simple('browser-versions', 'Browser versions', 'Version', 'browser_version', {
    groupBy: ['visit:browser_version', 'visit:browser'],
    details: SHARE,
  }),
  'operating-systems': simple('operating-systems', 'Operating systems', 'Operating system', 'os', {
    details: SHARE,
  }),
  'operating-system-versions': simple(
    'operating-system-versions',
    'Operating system versions',
    'Version',
    'os_version',
    {
      groupBy: ['visit:os_version', 'visit:os'],
      details: SHARE,
    },
  ),
  'screen-sizes': simple('screen-sizes', 'Devices', 'Device', 'screen', {
    groupBy: ['visit:device'],
    searchBy: null,
    icon: 'screen',
    details: SHARE,
  }),
}

const WITHOUT_VISITORS: readonly Metric[] = ['pageviews', 'events', 'total_revenue', 'average_revenue']

/** What can be told of a site that does not count visitors: events, except by what only visits have. */
export function knownMetrics(
  metrics: readonly Metric[],
  { countsVisitors }: { countsVisitors: boolean },
  report: Report | null = null,
): readonly [Metric, ...Metric[]] {
  const isKnown = countsVisitors || report?.isOfVisits === true
  const [first, ...rest] = isKnown ? metrics : metrics.filter((metric) => WITHOUT_VISITORS.includes(metric))
  return first === undefined ? ['events'] : [first, ...rest]
}

/** What a short list counts. */
export function listMetrics(state: DashboardState): readonly Metric[] {
  return hasGoalFilter(state.filters) ? ['visitors', 'group_conversion_rate'] : ['visitors', 'percentage']
}

/** What a details table counts; `currencies` is how many currencies the site's goals earn in. */
export function detailMetrics(report: Report, state: DashboardState, hasRevenue: boolean): readonly Metric[] {
  if (state.period === 'realtime') return ['visitors', 'percentage']
  if (hasGoalFilter(state.filters)) {
    const money: readonly Metric[] = hasRevenue ? ['total_revenue', 'average_revenue'] : []
    return ['group_visitors', 'visitors', 'group_conversion_rate', ...money]
  }
  const isEventFiltered = state.filters.some(
    ({ dimension }) => ['page', 'hostname', 'goal'].includes(dimension) || dimension.startsWith('props:'),
  )
  return isEventFiltered ? report.details.filter((metric) => metric !== 'exit_rate') : report.details
}

const LABELS: Readonly<Record<Metric, string>> = {
  visitors: 'Visitors',
  visits: 'Visits',
  pageviews: 'Pageviews',
  views_per_visit: 'Views per visit',
  bounce_rate: 'Bounce rate',
  visit_duration: 'Visit duration',
  events: 'Events',
  percentage: '%',
  conversion_rate: 'CR',
  group_conversion_rate: 'CR',
  time_on_page: 'Time on page',
  scroll_depth: 'Scroll depth',
  total_revenue: 'Revenue',
  average_revenue: 'Average',
  exit_rate: 'Exit rate',
  group_visitors: 'Total visitors',
}

/** A column's heading: visitors are called by what they did. */
export function metricLabel(metric: Metric, report: Report | null, state: DashboardState): string {
  if (metric === 'visits' && report?.id === 'entry-pages') return 'Total entrances'
  if (metric === 'visits' && report?.id === 'exit-pages') return 'Total exits'
  if (metric !== 'visitors') return LABELS[metric]
  if (state.period === 'realtime') return 'Current visitors'
  if (hasGoalFilter(state.filters)) return 'Conversions'
  return report?.visitorsLabel ?? LABELS.visitors
}
