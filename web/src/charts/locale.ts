/** The interface speaks English; a reader's own kind of English decides the order of dates and the clock. */

const FALLBACK = 'en-GB'

function chosenLocale(): string {
  const language = globalThis.navigator?.language ?? FALLBACK
  return language.startsWith('en') ? language : FALLBACK
}

export const LOCALE = chosenLocale()

/** Whether the reader's clock has 12 hours is a matter of region, not of the interface's language. */
export const HOUR_CYCLE = new Intl.DateTimeFormat(globalThis.navigator?.language ?? FALLBACK, {
  hour: 'numeric',
}).resolvedOptions().hourCycle
