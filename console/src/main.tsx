import '@fontsource-variable/atkinson-hyperlegible-next'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isRefusal, statusOf } from '@/api/client'
import { routerWith } from '@/app/router'
import '@/design/design.css'
import { followTheme } from '@/design/theme'
import { LanguageProvider } from '@/language'

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // The session ended while reading: the router asks for another, and comes back here.
      if (statusOf(error) === 401 && query.queryKey[0] !== 'session') {
        queries.removeQueries({ queryKey: ['session'] })
        void router.invalidate()
      }
    },
  }),
  defaultOptions: {
    queries: { retry: (failures, error) => failures < 2 && !isRefusal(error) },
  },
})

const router = routerWith(queries)

followTheme()
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <LanguageProvider>
          <RouterProvider router={router} />
        </LanguageProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}
