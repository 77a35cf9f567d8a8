import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { ConfigurationError, type Environment, readEnvironment, variables } from '../../src/config/env.ts'
import { readSecrets } from '../../src/config/secrets.ts'

const key = Buffer.alloc(32, 5).toString('base64')

describe('The configuration', () => {
  test('needs nothing: everything has a default', () => {
    const config = parseConfig({})
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 })
    expect(config.database).toBe('embedded')
    expect(config.dataFolder).toBe(join(process.cwd(), '.state/server'))
    expect(config.apple.serviceConfigUrl.href).toBe('https://vpp.itunes.apple.com/mdm/v2/service/config')
    expect(config.apple.allowedHosts).toEqual([
      'vpp.itunes.apple.com',
      'uclient-api.itunes.apple.com',
      'api.ent.apple.com',
      'api.edu.apple.com',
    ])
    expect(config.apple.catalogUrl).toBeNull()
    expect(config.apple.publicLookupUrl?.href).toBe('https://itunes.apple.com/lookup')
    expect(config.apple.allowLoopbackHttp).toBe(false)
    expect(config.publicUrl).toBeNull()
    expect(config.trustProxy).toBe(false)
  })

  test('takes a variable that is empty or blank for one that is not set', () => {
    expect(readEnvironment({ PORT: '', HOST: '  ', LOG_LEVEL: ' debug ' })).toEqual({ LOG_LEVEL: 'debug' })
  })

  test('leaves alone what is not its own', () => {
    expect(readEnvironment({ PATH: '/bin', NODE_ENV: 'production' })).toEqual({})
  })

  const good: [Environment, (config: ReturnType<typeof parseConfig>) => unknown, unknown][] = [
    [{ PORT: '0' }, ({ listen }) => listen.port, 0],
    [{ HOST: '::' }, ({ listen }) => listen.host, '::'],
    [{ DATABASE_URL: 'postgresql://db/apportion' }, ({ database }) => database, 'server'],
    [
      { APPORTION_PUBLIC_URL: 'https://a.example/' },
      ({ publicUrl }) => publicUrl?.origin,
      'https://a.example',
    ],
    [{ APPORTION_TRUST_PROXY: 'true' }, ({ trustProxy }) => trustProxy, true],
    [
      { APPORTION_TRUST_PROXY: '10.0.0.0/8, fd00::/8' },
      ({ trustProxy }) => trustProxy,
      ['10.0.0.0/8', 'fd00::/8'],
    ],
    [
      { APPORTION_ARTWORK_HOSTS: '*.A.example,b.example' },
      ({ apple }) => apple.artworkHosts,
      ['*.a.example', 'b.example'],
    ],
    [
      { APPORTION_APPLE_URL: 'http://127.0.0.1:8099/config', APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true' },
      ({ apple }) => apple.serviceConfigUrl.port,
      '8099',
    ],
  ]
  const devices = { APPORTION_DEVICE_PORT: '0', APPORTION_DEVICE_URL: 'https://mdm.example.org' }
  const header = { ...devices, APPORTION_DEVICE_CERTIFICATE_HEADER: 'Client-Cert' }
  good.push(
    [devices, (config) => config.devices?.allowSha1, true],
    [{ ...devices, APPORTION_DEVICE_SHA1: 'false' }, (config) => config.devices?.allowSha1, false],
    [
      { ...header, APPORTION_TRUST_PROXY: 'loopback' },
      (config) => config.devices?.certificateHeader,
      'client-cert',
    ],
  )
  const simulator = {
    APPORTION_APPLE_URL: 'http://127.0.0.1:8099/config',
    APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true',
  }
  const publicLookup = ({ apple }: ReturnType<typeof parseConfig>) => apple.publicLookupUrl?.href ?? null
  good.push(
    [{ APPORTION_PUBLIC_LOOKUP_URL: 'off' }, publicLookup, null],
    [simulator, publicLookup, null],
    [
      { ...simulator, APPORTION_PUBLIC_LOOKUP_URL: 'http://127.0.0.1:8099/lookup' },
      publicLookup,
      'http://127.0.0.1:8099/lookup',
    ],
    [
      { ...simulator, APPORTION_APPLE_CATALOG_URL: 'http://127.0.0.1:8099/v1' },
      ({ apple }) => apple.catalogUrl?.href,
      'http://127.0.0.1:8099/v1',
    ],
  )
  for (const [environment, part, value] of good) {
    test(`takes ${JSON.stringify(environment)}`, () => {
      expect(part(parseConfig(environment))).toEqual(value)
    })
  }

  const bad: [Environment, string][] = [
    [{ PORT: 'http' }, 'PORT="http": must be a number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT="70000": must be a number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT="-1": must be a number from 0 to 65535'],
    [{ HOST: 'a b' }, 'HOST="a b": must be an address'],
    [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL="verbose": must be one of fatal, error'],
    [{ APPORTION_LOG_FORMAT: 'xml' }, 'APPORTION_LOG_FORMAT="xml": must be auto, json or text'],
    [
      { APPORTION_PUBLIC_URL: 'http://a.example' },
      'APPORTION_PUBLIC_URL="http://a.example": must start with https://',
    ],
    [{ APPORTION_PUBLIC_URL: 'https://a.example/x' }, 'must be the host alone'],
    [{ APPORTION_PUBLIC_URL: 'a.example' }, 'must be a complete address'],
    [{ APPORTION_PUBLIC_URL: 'javascript:alert(1)' }, 'must start with https://'],
    [{ APPORTION_TRUST_PROXY: 'yes' }, 'APPORTION_TRUST_PROXY="yes": must be true, false, or addresses'],
    [{ APPORTION_APPLE_HOSTS: '*.apple.com' }, 'must be host names separated by commas'],
    [{ APPORTION_APPLE_HOSTS: 'a.example' }, 'does not hold vpp.itunes.apple.com'],
    [{ APPORTION_APPLE_URL: 'http://127.0.0.1/config' }, 'APPORTION_APPLE_ALLOW_LOOPBACK_HTTP=true'],
    [
      { APPORTION_APPLE_URL: 'http://apple.example/config', APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true' },
      'must start with https://',
    ],
    [
      { APPORTION_APPLE_URL: 'https://me:secret@vpp.itunes.apple.com/' },
      'must not hold a user name or password',
    ],
    [{ APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: '1' }, 'must be true or false'],
    [{ APPORTION_PUBLIC_LOOKUP_URL: 'none' }, 'must be a complete address'],
    [{ APPORTION_PUBLIC_LOOKUP_URL: 'http://127.0.0.1/lookup' }, 'APPORTION_APPLE_ALLOW_LOOPBACK_HTTP=true'],
    [{ APPORTION_APPLE_CATALOG_URL: 'http://127.0.0.1/v1' }, 'APPORTION_APPLE_ALLOW_LOOPBACK_HTTP=true'],
    [{ APPORTION_APPLE_CATALOG_URL: 'https://a.example/v1' }, 'does not hold a.example'],
    [{ ...devices, APPORTION_DEVICE_SHA1: 'no' }, 'APPORTION_DEVICE_SHA1="no": must be true or false'],
    [
      header,
      'is believed from nobody with APPORTION_TRUST_PROXY=false; set that to the address of the proxy',
    ],
    [
      { ...header, APPORTION_TRUST_PROXY: 'true' },
      'APPORTION_DEVICE_CERTIFICATE_HEADER="Client-Cert": is believed from everybody who reaches the port',
    ],
  ]
  for (const [environment, advice] of bad) {
    test(`refuses ${JSON.stringify(environment)}`, () => {
      expect(() => parseConfig(environment)).toThrow(advice)
    })
  }

  test('names every bad variable at once', () => {
    const environment = { PORT: 'x', LOG_LEVEL: 'y', APPORTION_TRUST_PROXY: 'z' }
    const error = thrownBy(() => parseConfig(environment))
    expect(error.bad.map(({ name }) => name).sort()).toEqual(['APPORTION_TRUST_PROXY', 'LOG_LEVEL', 'PORT'])
    expect(error.message.split('\n')).toHaveLength(4)
  })
})

describe('Secrets', () => {
  test('a given key is taken as it is, and no file is made', async () => {
    await using folder = await temporaryFolder()
    const { masterKey } = await readSecrets({ APPORTION_KEY: key }, folder.path)
    expect(masterKey).toEqual({ bytes: Buffer.alloc(32, 5), origin: { kind: 'given' } })
    await expect(readFile(join(folder.path, 'key'))).rejects.toThrow('ENOENT')
  })

  test('a key can come from a file that another system mounts', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'mounted')
    await writeFile(file, `${key}\n`)
    const { masterKey } = await readSecrets({ APPORTION_KEY_FILE: file }, folder.path)
    expect(masterKey.bytes).toEqual(Buffer.alloc(32, 5))
  })

  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
  const ids = {
    APPORTION_APPLE_DEVELOPER_KEY_ID: 'SAMPLEKEY1',
    APPORTION_APPLE_DEVELOPER_TEAM_ID: 'SAMPLETEAM',
  }

  test('without a developer key there is none', async () => {
    expect((await readSecrets({ APPORTION_KEY: key }, '/nowhere')).developerKey).toBeNull()
  })

  test('a developer key is taken from a variable, its line breaks as \\n or as they are', async () => {
    for (const text of [pem, pem.trim().replaceAll('\n', '\\n')]) {
      const environment = { APPORTION_KEY: key, APPORTION_APPLE_DEVELOPER_KEY: text, ...ids }
      const { developerKey } = await readSecrets(environment, '/nowhere')
      expect(developerKey).toMatchObject({ keyId: 'SAMPLEKEY1', teamId: 'SAMPLETEAM' })
    }
  })

  test('a developer key is taken from a file', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'AuthKey.p8')
    await writeFile(file, pem)
    const environment = { APPORTION_KEY: key, APPORTION_APPLE_DEVELOPER_KEY_FILE: file, ...ids }
    expect((await readSecrets(environment, '/nowhere')).developerKey?.keyId).toBe('SAMPLEKEY1')
  })

  test('the keys of NanoMDM are taken from a file and a variable, and are none without its address', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'api')
    await writeFile(file, 'the key\n')
    const environment = {
      APPORTION_KEY: key,
      APPORTION_NANOMDM_URL: 'https://nano',
      APPORTION_NANOMDM_KEY_FILE: file,
      APPORTION_NANOMDM_WEBHOOK_KEY: 'sixteen letters!',
    }
    expect((await readSecrets(environment, '/nowhere')).nanomdm).toEqual({
      apiKey: 'the key',
      webhookKey: 'sixteen letters!',
    })
    expect((await readSecrets({ APPORTION_KEY: key }, '/nowhere')).nanomdm).toBeNull()
  })

  const bad: [string, Environment, string][] = [
    [
      'a developer key that is none',
      { APPORTION_APPLE_DEVELOPER_KEY: 'hunter2', ...ids },
      'APPORTION_APPLE_DEVELOPER_KEY: cannot be used: The key is not a private key (PEM)',
    ],
    [
      'a developer key without its ids',
      { APPORTION_APPLE_DEVELOPER_KEY: 'hunter2' },
      'APPORTION_APPLE_DEVELOPER_KEY_ID: is needed',
    ],
    [
      'a developer key with an id of another form',
      { APPORTION_APPLE_DEVELOPER_KEY: 'hunter2', ...ids, APPORTION_APPLE_DEVELOPER_TEAM_ID: 'team' },
      'The team id is not ten letters and digits',
    ],
    ['ids without a developer key', ids, 'APPORTION_APPLE_DEVELOPER_KEY_ID="SAMPLEKEY1": is set without'],
    [
      'two developer keys',
      { APPORTION_APPLE_DEVELOPER_KEY: 'hunter2', APPORTION_APPLE_DEVELOPER_KEY_FILE: '/x', ...ids },
      'keep one of them',
    ],
    [
      'a developer key file that is not there',
      { APPORTION_APPLE_DEVELOPER_KEY_FILE: '/nowhere/key.p8', ...ids },
      'APPORTION_APPLE_DEVELOPER_KEY_FILE="/nowhere/key.p8": cannot be read',
    ],
    [
      'NanoMDM without the key of its API',
      { APPORTION_NANOMDM_URL: 'https://nano', APPORTION_NANOMDM_WEBHOOK_KEY: 'hunter2 and some more' },
      'APPORTION_NANOMDM_KEY: is needed',
    ],
    [
      'a key for the webhook that can be guessed',
      {
        APPORTION_NANOMDM_URL: 'https://nano',
        APPORTION_NANOMDM_KEY: 'hunter2',
        APPORTION_NANOMDM_WEBHOOK_KEY: 'hunter2',
      },
      'APPORTION_NANOMDM_WEBHOOK_KEY: is needed with APPORTION_NANOMDM_URL: at least 16 characters',
    ],
    [
      'a key of NanoMDM without its address',
      { APPORTION_NANOMDM_KEY: 'hunter2' },
      'APPORTION_NANOMDM_KEY: is set without APPORTION_NANOMDM_URL',
    ],
    [
      'two keys of NanoMDM',
      { APPORTION_NANOMDM_KEY: 'hunter2', APPORTION_NANOMDM_KEY_FILE: '/x' },
      'keep one of them',
    ],
    [
      'a file with the key of NanoMDM that is not there',
      { APPORTION_NANOMDM_URL: 'https://nano', APPORTION_NANOMDM_KEY_FILE: '/nowhere/nano' },
      'APPORTION_NANOMDM_KEY_FILE="/nowhere/nano": cannot be read',
    ],
    ['a key that is too short', { APPORTION_KEY: 'c2hvcnQ=' }, 'APPORTION_KEY: must be 32 bytes as Base64'],
    [
      'a key that is not Base64',
      { APPORTION_KEY: '!'.repeat(44) },
      'APPORTION_KEY: must be 32 bytes as Base64',
    ],
    [
      'a file that is not there',
      { APPORTION_KEY_FILE: '/nowhere/key' },
      'APPORTION_KEY_FILE="/nowhere/key": cannot be read',
    ],
    ['both', { APPORTION_KEY: key, APPORTION_KEY_FILE: '/x' }, 'keep one of them'],
    [
      'another kind of database',
      { DATABASE_URL: 'mysql://root:hunter2@db/x' },
      'DATABASE_URL: must start with postgresql://',
    ],
  ]
  for (const [what, environment, advice] of bad) {
    test(`${what} is refused without showing the secret`, async () => {
      const error = await readSecrets(environment, '/nowhere').then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(ConfigurationError)
      expect(String(error)).toContain(advice)
      for (const secret of [environment.APPORTION_KEY, 'hunter2']) {
        if (secret !== undefined) expect(String(error)).not.toContain(secret)
      }
    })
  }
})

test('the manual names every variable with its meaning and its default', async () => {
  const manual = await readFile(new URL('../../../../docs/operate/configuration.md', import.meta.url), 'utf8')
  const rows = manual.split('\n').filter((line) => /^\| `[A-Z\d_]+` /.test(line))
  const expected = Object.entries(variables).map(([name, { meaning, unset }]) => {
    const shown = unset.includes('`') || /\s/.test(unset) || unset === 'none' ? unset : `\`${unset}\``
    return `| \`${name}\` | ${shown} | ${meaning} |`
  })
  expect(rows).toEqual(expected)
})

function thrownBy(act: () => unknown): ConfigurationError {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigurationError) return error
  }
  throw new Error('Expected a ConfigurationError')
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'apportion-config-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}
