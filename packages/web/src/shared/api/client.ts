/** The console's way to the server: the page's own origin, with the session's CSRF token. */
import { createApiClient } from '@apportion/api-client/client'

let csrfToken: string | undefined

/** Remembers the token of the session that began, or forgets it when it ended. */
export function rememberCsrfToken(token: string | undefined): void {
  csrfToken = token
}

export const api = createApiClient({ baseUrl: window.location.origin, csrfToken: () => csrfToken })
