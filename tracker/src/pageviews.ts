/** Counts pageviews by itself: the first one, navigations of single-page apps, and returns from the back/forward cache. */

import { isHashMode, isVisible } from './config'
import { track } from './track'

let lastPath: string | undefined

export function capturePageviews(): void {
  if (isHashMode()) {
    addEventListener('hashchange', count)
  } else {
    const { pushState } = history
    history.pushState = function (...state) {
      pushState.apply(this, state)
      countNavigation()
    }
    addEventListener('popstate', countNavigation)
  }
  if (isVisible()) {
    count()
  } else {
    // Rendered ahead of time or opened in the background: it counts when it is first seen.
    document.addEventListener('visibilitychange', () => {
      if (isVisible() && !lastPath) count()
    })
  }
  addEventListener('pageshow', (event) => {
    if (event.persisted) count()
  })
}

function count(): void {
  lastPath = location.pathname
  track('pageview')
}

/** A new query or fragment is the same page. */
function countNavigation(): void {
  if (location.pathname !== lastPath) count()
}
