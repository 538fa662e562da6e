/** The reader's theme. `static/theme.js` applies it before the first paint; this module changes it. */

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'theme'

/** True when the page came in one theme: an embedding site asked for it, or the reader's preferences say so. */
export function isThemeFixed(): boolean {
  return document.documentElement.hasAttribute('data-theme-fixed')
}

export function chosenTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
