import Plausible from 'plausible-tracker'

window.tracker = Plausible
