import * as tracker from '@plausible-analytics/tracker'

window.tracker = tracker
