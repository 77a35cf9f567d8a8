import { Problem } from '@apportion/api-client/client'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { cssVariables, theme } from '../shared/ui/theme.ts'
import { sessionQuery } from './features/sign-in/session.ts'
import { createConsoleRouter } from './routes.tsx'

/** A failure that another try can mend: the server did not answer, or was busy. */
function canPass(error: Error): boolean {
  return !(error instanceof Problem) || error.status >= 500
}

const queryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session can end while a page is open: whoever notices first leads to the sign-in.
    onError: (error) => {
      if (!(error instanceof Problem) || error.code !== 'session.required') return
      queryClient.setQueryData(sessionQuery.queryKey, null)
      void router.invalidate()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && canPass(error),
    },
  },
})

const router = createConsoleRouter(queryClient)

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** The console. `nonce` allows the styles that Mantine makes while it runs (content security policy). */
export function Console({ nonce }: { readonly nonce: string }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={6000} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
