/** The chart's colours come from the stylesheet, so that light and dark are said once. */

export interface Palette {
  line: string
  fillTop: string
  fillBottom: string
  comparison: string
  grid: string
  text: string
  surface: string
}

/** The computed colour of a token. A canvas cannot read variables, a styled element can. */
function token(probe: HTMLElement, name: string): string {
  probe.style.color = `var(${name})`
  return getComputedStyle(probe).color
}

export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span')
  host.append(probe)
  const palette = {
    line: token(probe, '--accent-line'),
    fillTop: token(probe, '--accent-fill'),
    fillBottom: token(probe, '--accent-fill-end'),
    comparison: token(probe, '--comparison'),
    grid: token(probe, '--grid'),
    text: token(probe, '--text-muted'),
    surface: token(probe, '--surface'),
  }
  probe.remove()
  return palette
}

/** Calls back whenever the theme changes, by the system or by hand; returns how to stop. */
export function onThemeChange(run: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)')
  const observer = new MutationObserver(run)
  media.addEventListener('change', run)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => {
    media.removeEventListener('change', run)
    observer.disconnect()
  }
}
