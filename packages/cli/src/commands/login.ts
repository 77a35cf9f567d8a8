/** `apportion login`: signs in once, makes an API key and keeps it for the commands that follow (P1, P4). */
import { type ApiClient, createApiClient, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { clientOf, findCredentials, isReadableOnTheWay, parseServerUrl } from '../connection.ts'
import type { Credentials } from '../credentials.ts'
import { usageFailure } from '../failure.ts'
import { type JsonFlag, jsonFlag, report } from '../output/report.ts'
import type { CommandLine, World } from '../world.ts'

interface Flags extends JsonFlag {
  readonly url: string | undefined
  readonly email: string | undefined
  readonly passwordStdin: boolean
  readonly apiKeyStdin: boolean
  readonly allowHttp: boolean
}

export const login = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Sign in and keep an API key for the commands that follow',
    fullDescription: [
      'Asks for what is not given. The password is used once and not kept; the API key is kept in a file that',
      'only you can read, and can be revoked with `apportion logout` or in the console. Programs need no login:',
      'they set APPORTION_URL and APPORTION_API_KEY.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      url: {
        kind: 'parsed',
        parse: parseServerUrl,
        optional: true,
        brief: 'Address of the server',
        placeholder: 'URL',
      },
      email: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Email address of the administrator',
        placeholder: 'EMAIL',
      },
      passwordStdin: {
        kind: 'boolean',
        brief: 'Read the password from standard input',
        default: false,
        withNegated: false,
      },
      apiKeyStdin: {
        kind: 'boolean',
        brief: 'Keep an API key made in the console, read from standard input',
        default: false,
        withNegated: false,
      },
      allowHttp: {
        kind: 'boolean',
        brief: 'Send the password over plain HTTP to another machine',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
  },
  async func(flags) {
    const { world } = this
    const url = await askUrl(world, flags)
    const credentials = flags.apiKeyStdin
      ? { url, apiKey: await firstLine(world), apiKeyId: null, email: null }
      : await signIn(world, url, flags)
    // Proves that the key works before the old one is replaced.
    unwrap(await clientOf(world, credentials).GET('/api/v1/api-keys'))
    await world.credentials.write(credentials)
    const shown = {
      url,
      email: credentials.email,
      apiKeyId: credentials.apiKeyId,
      file: world.credentials.path,
    }
    report(world, flags.json, shown, () => `Signed in to ${url}. The API key is in ${world.credentials.path}`)
  },
})

async function askUrl(world: World, flags: Flags): Promise<string> {
  const url = flags.url ?? (world.settings.url === undefined ? undefined : parseServerUrl(world.settings.url))
  const known = (await findCredentials(world).catch(() => null))?.url
  const chosen =
    url ??
    parseServerUrl(
      await ask(world, 'url', (q) => q.text('Address of the server', known ?? 'http://localhost:8080')),
    )
  if (!isReadableOnTheWay(chosen) || flags.allowHttp) return chosen
  throw usageFailure(
    'url.readable_on_the_way',
    `${chosen} is plain HTTP to another machine: the password could be read on the way. Use https://, or add --allow-http`,
  )
}

async function signIn(world: World, url: string, flags: Flags): Promise<Credentials> {
  const email = flags.email ?? (await ask(world, 'email', (questions) => questions.text('Email address')))
  const password = flags.passwordStdin
    ? await firstLine(world)
    : await ask(world, 'password-stdin', (questions) => questions.password('Password'))
  const session = await beginSession(world, url, { email, password })
  const name = `Command line on ${world.machineName}`.slice(0, 100)
  const { key, apiKey } = unwrap(await session.POST('/api/v1/api-keys', { body: { name } }))
  await session.DELETE('/api/v1/session')
  return { url, apiKey: key, apiKeyId: apiKey.id, email }
}

/** A client with the session's cookie and token, good for this command only. */
async function beginSession(
  { fetch }: World,
  url: string,
  body: { readonly email: string; readonly password: string },
): Promise<ApiClient> {
  const result = await createApiClient({ baseUrl: url, fetch }).POST('/api/v1/session', { body })
  const { csrfToken } = unwrap(result)
  const cookie = result.response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  const withCookie = (request: Request): Promise<Response> => {
    request.headers.set('cookie', cookie)
    return fetch(request)
  }
  return createApiClient({ baseUrl: url, fetch: withCookie, csrfToken })
}

async function ask(
  { questions }: World,
  flag: string,
  question: (questions: NonNullable<World['questions']>) => Promise<string>,
): Promise<string> {
  if (questions !== null) return await question(questions)
  throw usageFailure('usage.not_interactive', `Nobody is there to ask. Give --${flag}`)
}

async function firstLine({ readFile }: World): Promise<string> {
  const [line = ''] = new TextDecoder().decode(await readFile('-')).split(/\r?\n/, 1)
  if (line !== '') return line
  throw usageFailure('usage.empty_input', 'Nothing was given on standard input')
}
