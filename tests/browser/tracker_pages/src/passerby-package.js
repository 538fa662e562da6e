import * as tracker from '@passerby/tracker'

window.tracker = tracker
