/** What an answer cannot know: a period that was counted without visitors has none, which is not the same as zero. */

import type { StatsAnswer } from './answer.ts'

const NOT_COUNTED = 'visitors_not_counted'

/** The server's words on what of this answer is not known, or null where all of it is. */
export function notKnown({ meta }: StatsAnswer): string | null {
  const warnings = Object.values(meta.metric_warnings ?? {})
  return warnings.find(({ code }) => code === NOT_COUNTED)?.warning ?? null
}

/** Why an answer has no rows, where the server says so. */
export function whyEmpty(answer: StatsAnswer): { text?: string } {
  const text = notKnown(answer)
  return text === null ? {} : { text }
}
