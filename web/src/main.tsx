/** Entry: read the boot data, start the query client, draw. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from 'preact'
import { Router } from 'wouter'
import { ApiError } from './api/errors.ts'
import { App } from './app.tsx'
import { BootContext, readBoot, setServerNow } from './boot.ts'
import { DashboardProvider } from './state/use-dashboard.tsx'
import './styles/dashboard.css'

const RETRIES_MAX = 2

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < RETRIES_MAX && error instanceof ApiError && error.isRetriable,
      refetchOnWindowFocus: true,
    },
  },
})

const boot = readBoot()
setServerNow(boot.now)
const root = document.getElementById('root')
if (root) {
  render(
    <BootContext.Provider value={boot}>
      <QueryClientProvider client={queryClient}>
        <Router base={boot.basePath}>
          <DashboardProvider>
            <App />
          </DashboardProvider>
        </Router>
      </QueryClientProvider>
    </BootContext.Provider>,
    root,
  )
}
