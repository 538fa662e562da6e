/** The filter dialogs: which dimensions share one, and where their suggestions come from. */

export type FieldId =
  | 'page'
  | 'hostname'
  | 'source'
  | 'utm'
  | 'location'
  | 'screen'
  | 'browser'
  | 'os'
  | 'goal'
  | 'props'

export interface Field {
  name: string
  dimensions: readonly string[]
}

export const FIELDS: Readonly<Record<FieldId, Field>> = {
  page: { name: 'Page', dimensions: ['page', 'entry_page', 'exit_page'] },
  hostname: { name: 'Hostname', dimensions: ['hostname'] },
  source: { name: 'Source', dimensions: ['source', 'channel', 'referrer'] },
  utm: {
    name: 'UTM tags',
    dimensions: ['utm_medium', 'utm_source', 'utm_campaign', 'utm_term', 'utm_content'],
  },
  location: { name: 'Location', dimensions: ['country', 'region', 'city'] },
  screen: { name: 'Screen size', dimensions: ['screen'] },
  browser: { name: 'Browser', dimensions: ['browser', 'browser_version'] },
  os: { name: 'Operating system', dimensions: ['os', 'os_version'] },
  goal: { name: 'Goal', dimensions: ['goal'] },
  props: { name: 'Property', dimensions: [] }, // One for each property of the site.
}

export function isFieldId(text: string | undefined): text is FieldId {
  return text !== undefined && text in FIELDS
}

/** The dialog that edits a filter on `dimension`. */
export function fieldOf(dimension: string): FieldId | null {
  if (dimension.startsWith('props:')) return 'props'
  const found = Object.entries(FIELDS).find(([, { dimensions }]) => dimensions.includes(dimension))
  return found ? (found[0] as FieldId) : null
}

export function dimensionsOf(field: FieldId, props: readonly string[]): readonly string[] {
  return field === 'props' ? props.map((key) => `props:${key}`) : FIELDS[field].dimensions
}

/** Places are filtered by code and found by name. */
export const NAME_DIMENSIONS: Readonly<Record<string, string>> = {
  country: 'visit:country_name',
  region: 'visit:region_name',
  city: 'visit:city_name',
}
