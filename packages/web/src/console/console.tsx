import { Problem } from '@apportion/api-client/client'
import { MantineProvider, Notification } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
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
  const { t } = useTranslation()
  const close = t('common.close')
  const named = useMemo(
    () => ({ ...theme, components: { ...theme.components, ...namedParts(close) } }),
    [close],
  )
  return (
    <MantineProvider
      theme={named}
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

/** Parts that Mantine makes by itself, with buttons that a screen reader can tell. */
function namedParts(close: string) {
  return {
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': close } } }),
  }
}
