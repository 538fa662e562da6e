import { createRoot } from 'react-dom/client'
import { BrowserRouter, Link, Navigate, Route, Routes, useNavigate, useSearchParams } from 'react-router'

function Home() {
  const navigate = useNavigate()
  const [, setSearch] = useSearchParams()
  return (
    <main id="home">
      <Link id="two" to="/two">two</Link>
      <Link id="moved" to="/moved">moved</Link>
      <button id="filter" onClick={() => setSearch({ filter: 'x' })}>filter</button>
      <button id="replace" onClick={() => navigate('/replaced', { replace: true })}>replace</button>
    </main>
  )
}

createRoot(document.querySelector('#app')).render(
  <BrowserRouter>
    <Routes>
      <Route path="/two" element={<Link id="home-link" to="/">home</Link>} />
      <Route path="/moved" element={<Navigate to="/target" replace />} />
      <Route path="/target" element={<p id="target">target</p>} />
      <Route path="*" element={<Home />} />
    </Routes>
  </BrowserRouter>,
)
