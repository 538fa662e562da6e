/** Counts pageviews by itself: the first one, navigations of single-page apps, and returns from the back/forward cache. */

import { isHashMode, isVisible } from './config'
import { track } from './track'

let lastPath: string | undefined

export function capturePageviews(): void {
  if (isHashMode()) {
    addEventListener('hashchange', count)
  } else {
    watchHistory()
  }
  addEventListener('pageshow', (event) => {
    if (event.persisted) count()
  })
  document.addEventListener('visibilitychange', countFirst)
  countFirst()
}

function watchHistory(): void {
  const pushState = history.pushState
  history.pushState = function () {
    // biome-ignore lint/complexity/noArguments: A rest parameter costs old browsers a helper.
    pushState.apply(this, arguments as unknown as Parameters<typeof pushState>)
    countNavigation()
  }
  addEventListener('popstate', countNavigation)
}

/** A page rendered ahead of time or opened in the background counts when it is first seen. */
function countFirst(): void {
  if (isVisible() && !lastPath) count()
}

/** A new query or fragment is the same page. */
function countNavigation(): void {
  if (location.pathname !== lastPath) count()
}

function count(): void {
  lastPath = location.pathname
  track('pageview')
}
