/** Countries differ by powers of ten; the square root keeps the small ones visible beside the largest. */

const LIGHTEST = 16
const STRONGEST = 100

/** Percent of the accent colour for a country with `share` (0..1) of the largest country's visitors. */
export function mapShade(share: number): number {
  return Math.round(LIGHTEST + (STRONGEST - LIGHTEST) * Math.sqrt(Math.min(Math.max(share, 0), 1)))
}
