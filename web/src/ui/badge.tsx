/** Small pictures for rows, made here: nothing is fetched from the places the rows speak of. */

import { Icon, type IconName } from './icons.tsx'

const HUES = 12

/** The same name always has the same hue. */
export function hueOf(name: string): number {
  let hash = 7
  for (const letter of name.toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return (hash % HUES) * (360 / HUES)
}

export function LetterBadge({ name }: { name: string }) {
  const letter = [...name.replace(/^(www\.|\(|@)/, '')][0]?.toUpperCase() ?? '?'
  return (
    <span class="badge" style={{ '--hue': hueOf(name) }} aria-hidden="true">
      {letter}
    </span>
  )
}

/** `DE` → 🇩🇪; null for what is not a country code. */
export function flagOf(code: string): string | null {
  if (!/^[A-Z]{2}$/.test(code)) return null
  return String.fromCodePoint(...[...code].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65))
}

let drawsFlags: boolean | null = null

/** Some systems draw a flag as two letters or boxes; a coloured pixel tells. */
function canDrawFlags(): boolean {
  if (drawsFlags !== null) return drawsFlags
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!canvas) return false
  canvas.font = '24px sans-serif'
  canvas.fillStyle = '#000'
  canvas.fillText(flagOf('DE') ?? '', 0, 24)
  const { data } = canvas.getImageData(0, 0, 32, 32)
  drawsFlags = data.some((part, index) => index % 4 < 3 && part > 60)
  return drawsFlags
}

export function Flag({ code }: { code: string }) {
  const flag = flagOf(code)
  if (flag && canDrawFlags()) {
    return (
      <span class="flag" aria-hidden="true">
        {flag}
      </span>
    )
  }
  return (
    <span class="flag-code" aria-hidden="true">
      {flag ? code : '–'}
    </span>
  )
}

const SCREENS: Readonly<Record<string, IconName>> = {
  Mobile: 'mobile',
  Tablet: 'tablet',
  Desktop: 'desktop',
  Laptop: 'desktop',
}

export function ScreenBadge({ name }: { name: string }) {
  const icon = SCREENS[name]
  return <span class="badge plain">{icon ? <Icon name={icon} /> : '·'}</span>
}
