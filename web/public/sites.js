// The account pages' few conveniences: guess the time zone, copy the snippet, notice the first page view.
;(() => {
  var POLL_MS = 1500

  var zone = document.querySelector('[data-guess-timezone]:not([data-chosen])')
  if (zone) {
    var here = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (Array.from(zone.options).some((option) => option.value === here)) zone.value = here
  }

  document.querySelectorAll('[data-copy]').forEach((button) => {
    button.addEventListener('click', () => {
      var text = document.getElementById(button.dataset.copy).textContent
      navigator.clipboard?.writeText(text).then(() => {
        button.textContent = 'Copied'
      })
    })
  })

  var waiting = document.querySelector('[data-wait-for]')
  if (!waiting) return

  function show(state) {
    if (state.has_pageview) {
      waiting.querySelector('[data-waiting]').hidden = true
      waiting.querySelector('[data-arrived]').hidden = false
      setTimeout(() => location.assign(waiting.dataset.then), POLL_MS)
      return
    }
    // Hits that came and were not counted, with the reason: the answer to "where did my event go?".
    waiting.querySelector('[data-recent]').replaceChildren(
      ...state.recent.map((hit) => {
        var line = document.createElement('li')
        line.textContent = `${hit.hostname}${hit.pathname}: not counted (${hit.reason})`
        return line
      }),
    )
    setTimeout(poll, POLL_MS)
  }

  function poll() {
    fetch(waiting.dataset.waitFor, { headers: { Accept: 'application/json' } })
      .then((response) => (response.ok ? response.json().then(show) : setTimeout(poll, POLL_MS * 4)))
      .catch(() => setTimeout(poll, POLL_MS * 4))
  }

  poll()
})()
