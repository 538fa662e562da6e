/** Which scripts there are, and what each may contain. */

export const EXTENSIONS = [
  'compat',
  'exclusions',
  'file-downloads',
  'hash',
  'local',
  'manual',
  'outbound-links',
  'pageview-props',
  'revenue',
  'tagged-events',
]

const flagName = (extension) => extension.toUpperCase().replaceAll('-', '_')

/** Every subset of the extensions, each in alphabetical order, beginning with none. */
export function legacyVariants() {
  return Array.from({ length: 2 ** EXTENSIONS.length }, (_, bits) =>
    EXTENSIONS.filter((_, index) => bits & (1 << index)),
  )
}

export function legacyFlags(extensions) {
  return {
    LEGACY: true,
    NPM: false,
    ...Object.fromEntries(
      EXTENSIONS.map((extension) => [flagName(extension), extensions.includes(extension)]),
    ),
  }
}

/** With options there is nothing to leave out, except what only the legacy scripts have. */
export function optionFlags({ npm }) {
  const flags = Object.fromEntries(EXTENSIONS.map((extension) => [flagName(extension), true]))
  return { ...flags, LEGACY: false, NPM: npm, COMPAT: false, EXCLUSIONS: false, PAGEVIEW_PROPS: false }
}
