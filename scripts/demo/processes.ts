/** The demo's two processes and their addresses. */
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Part, startPart } from './part.ts'

const root = join(import.meta.dirname, '../..')

/** The simulator of Apple with the demo organization. */
export async function startApple(folder: string, applePort: number | undefined, parts: AsyncDisposableStack) {
  const port = applePort !== undefined && (await isFree(applePort)) ? applePort : await freePort()
  const state = join(folder, 'apple')
  await mkdir(state, { recursive: true })
  const pushAuthority = join(folder, 'push-authority.pem')
  const options = ['--port', String(port), '--state', state, '--organization', 'demo', '--json']
  options.push('--push-authority', pushAuthority)
  const part = startPart({
    name: 'The simulator of Apple',
    args: [join(root, 'packages/apple-sim/src/main.ts'), ...options, '--allow-plain-http-notifications'],
    environment: process.env,
    logFile: join(folder, 'apple.log'),
  })
  parts.use(part)
  const [line] = await part.printed(/^\{.*\}$/m)
  const { serviceConfigUrl, controlUrl, pushUrl } = JSON.parse(line)
  const addresses = {
    serviceConfigUrl: String(serviceConfigUrl),
    controlUrl: String(controlUrl),
    pushUrl: String(pushUrl),
    pushAuthority,
  }
  return { part, port, ...addresses }
}

/** The server on the embedded database, with the simulator as its Apple. */
export async function startServer(
  folder: string,
  apple: { readonly serviceConfigUrl: string; readonly pushUrl: string; readonly pushAuthority: string },
  parts: AsyncDisposableStack,
) {
  const port = process.env.PORT === '0' ? await freePort() : Number(process.env.PORT ?? 8080)
  const url = `http://127.0.0.1:${port}`
  const devicePort = await freePort()
  // The demo has a database and a key of its own, whatever the product on this machine is set to.
  const own = new Set(['DATABASE_URL', 'APPORTION_KEY', 'APPORTION_KEY_FILE'])
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)))
  const part = startPart({
    name: 'The server',
    args: [join(root, 'packages/server/src/main.ts')],
    environment: {
      LOG_LEVEL: 'warn',
      ...inherited,
      PORT: String(port),
      APPORTION_DATA: join(folder, 'server'),
      APPORTION_PUBLIC_URL: url,
      APPORTION_APPLE_URL: apple.serviceConfigUrl,
      APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true',
      APPORTION_DEVICE_PORT: String(devicePort),
      APPORTION_DEVICE_URL: `http://127.0.0.1:${devicePort}`,
      APPORTION_DEVICE_DEVELOPMENT: 'true',
      APPORTION_PUSH_URL: apple.pushUrl,
      APPORTION_PUSH_CA_FILE: apple.pushAuthority,
    },
    logFile: join(folder, 'server.log'),
  })
  parts.use(part)
  await part.printed(/Apportion listens at/)
  return { part, url, setupCode: await setupCodeOf(url, part) }
}

/** The code that the server prints while it has no administrator. */
async function setupCodeOf(url: string, part: Part): Promise<string | undefined> {
  const { needed } = JSON.parse(await (await fetch(`${url}/api/v1/setup`)).text())
  return needed === true ? (await part.printed(/\/setup#(\S+)/))[1] : undefined
}

async function freePort(): Promise<number> {
  await using server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
