/**
 * Compile-time flags. The build replaces each by `true` or `false`, so that a script contains only what it can run.
 * `LEGACY` is a `script.<extensions>.js`, whose options are attributes and flags; otherwise options arrive in `init`.
 */
declare const LEGACY: boolean
declare const NPM: boolean

/** One flag per extension of the legacy file name. All but COMPAT and EXCLUSIONS are on where LEGACY is off. */
declare const COMPAT: boolean
declare const EXCLUSIONS: boolean
declare const FILE_DOWNLOADS: boolean
declare const HASH: boolean
declare const LOCAL: boolean
declare const MANUAL: boolean
declare const OUTBOUND_LINKS: boolean
declare const PAGEVIEW_PROPS: boolean
declare const REVENUE: boolean
declare const TAGGED_EVENTS: boolean

/** The site's own configuration: the server puts it in place of this name. */
declare const PASSERBY_CONFIG: import('./types').InjectedConfig
