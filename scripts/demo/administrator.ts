/** The demo's administrator, made through the setup API like any first administrator. */
import { createApiClient, unwrap } from '@apportion/api-client/client'

/** Makes the administrator and gives an API key of theirs. */
export async function makeAdministrator(
  baseUrl: string,
  code: string,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<string> {
  const setup = await createApiClient({ baseUrl }).POST('/api/v1/setup', {
    body: { code, name: 'Demo Administrator', email, password, language: 'en' },
  })
  const { csrfToken } = unwrap(setup)
  const cookie = setup.response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  const signedIn = createApiClient({ baseUrl, csrfToken })
  const made = await signedIn.POST('/api/v1/api-keys', { body: { name: 'Demo' }, headers: { cookie } })
  return unwrap(made).key
}
