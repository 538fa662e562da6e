// The account pages' few conveniences: guess the time zone, copy the snippet, notice the first page view.
;(() => {
  var POLL_MS = 1500

  var zone = document.querySelector('[data-guess-timezone]:not([data-chosen])')
  if (zone) {
    var here = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (Array.from(zone.options).some((option) => option.value === here)) zone.value = here
  }

  // Without a clipboard (a page that came unencrypted has none) the text is selected, ready for the copy key.
  function select(element, button) {
    getSelection().selectAllChildren(element)
    button.textContent = 'Selected'
  }

  document.querySelectorAll('[data-copy]').forEach((button) => {
    var element = document.getElementById(button.dataset.copy)
    button.addEventListener('click', () => {
      if (!navigator.clipboard) return select(element, button)
      navigator.clipboard.writeText(element.textContent).then(
        () => {
          button.textContent = 'Copied'
        },
        () => select(element, button),
      )
    })
  })

  document.querySelectorAll('form[data-busy]').forEach((form) => {
    form.addEventListener('submit', () => {
      var button = form.querySelector('[type=submit]')
      button.disabled = true
      button.textContent = form.dataset.busy
    })
  })

  var waiting = document.querySelector('[data-wait-for]')
  if (!waiting) return

  // Somebody who waited for the first page view is taken to it; somebody who came for the snippet is left alone.
  var hasWaited = false

  function show(state) {
    if (state.has_pageview) {
      waiting.querySelector('[data-waiting]').hidden = true
      waiting.querySelector('[data-arrived]').hidden = false
      if (hasWaited) setTimeout(() => location.assign(waiting.dataset.then), POLL_MS)
      return
    }
    hasWaited = true
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
