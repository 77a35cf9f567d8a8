#!/usr/bin/env node
/**
 * The simulator of Apple as its own process.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { startAppleSim } from './apple-sim.ts'
import { startControlPlane } from './control-plane.ts'
import { DEMO_SEED, demoOrganization } from './demo-organization.ts'
import { populate } from './demo-world.ts'
import { startDevices } from './devices/devices.ts'
import { sharedKeys } from './devices/keys.ts'
import { writeDirectory } from './directory-csv.ts'
import { inventOrganization } from './invented-organization.ts'
import { enterOrganization } from './organization-world.ts'
import type { World } from './world.ts'

const USAGE = `apple-sim: Apple for tests, demos and rehearsals

  --port N                            Apple-facing port (default: a free one)
  --control-port N                    control port, loopback only (default: a free one)
  --state DIR                         keep locations, tokens and licenses in this folder
  --organization NAME                 what to begin with: demo, school, company or empty (default: empty)
  --devices, --users, --titles, --licenses, --locations N
                                      numbers of one's own for school or company; without either, for a school
  --seed N                            seed of ids, delays, losses, and of a school or company (default: 1)
  --directory DIR                     write the organization's users, devices and groups there, as CSV
  --allow-plain-http-notifications    accept http:// notification addresses
  --push-authority FILE               have simulated devices, which also open http://, and a push service; write the
                                      authority of its certificate there (PEM)
  --json                              print the addresses as one JSON object
  --help                              print this
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      state: { type: 'string' },
      organization: { type: 'string' },
      devices: { type: 'string' },
      users: { type: 'string' },
      titles: { type: 'string' },
      licenses: { type: 'string' },
      locations: { type: 'string' },
      directory: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'allow-plain-http-notifications': { type: 'boolean', default: false },
      'push-authority': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const seed = wholeNumber('--seed', values.seed)
  const begin = beginning(values, seed)
  const stopped = stopSignal()
  await using apple = await startAppleSim({
    port: portNumber('--port', values.port),
    seed,
    ...(values.state !== undefined && { stateFolder: values.state }),
    knobs: { allowPlainHttpNotifications: values['allow-plain-http-notifications'] },
  })
  begin(apple.world)
  if (values.directory !== undefined) await writeDirectoryOf(apple.world, values.directory)
  await using parts = new AsyncDisposableStack()
  const authorityFile = values['push-authority']
  const devices =
    authorityFile === undefined
      ? undefined
      : parts.use(await startDevices(apple, { allowPlainHttp: true, keys: sharedKeys(16), seed }))
  if (authorityFile !== undefined && devices !== undefined)
    await writeFile(authorityFile, devices.push.authority.certificate)
  const controlPort = portNumber('--control-port', values['control-port'])
  await using control = await startControlPlane(apple, controlPort, devices)
  const addresses = {
    origin: apple.origin,
    serviceConfigUrl: apple.serviceConfigUrl,
    controlUrl: control.origin,
    ...(devices !== undefined && { pushUrl: devices.push.origin }),
    locations: apple.world.locations.map(({ uId, name }) => ({ uId, name })),
  }
  process.stdout.write(values.json ? `${JSON.stringify(addresses)}\n` : described(addresses))
  await stopped
}

const NUMBERS = ['devices', 'users', 'titles', 'licenses', 'locations'] as const

type Wishes = Readonly<Partial<Record<'organization' | (typeof NUMBERS)[number], string>>>

/** What enters the organization asked for; throws, before anything is started, for one that is impossible. */
function beginning(wishes: Wishes, seed: number): (world: World) => void {
  const numbers = NUMBERS.flatMap((name) => {
    const value = wishes[name]
    return value === undefined ? [] : [[name, wholeNumber(`--${name}`, value)] as const]
  })
  const { organization = numbers.length > 0 ? 'school' : 'empty' } = wishes
  if (organization === 'school' || organization === 'company') {
    const invented = inventOrganization({ preset: organization, seed, ...Object.fromEntries(numbers) })
    return (world) => void enterOrganization(world, invented)
  }
  const [given] = numbers
  if (given) throw new Error(`--${given[0]} is for the organizations school and company, not ${organization}`)
  if (organization === 'empty') return () => {}
  if (organization === 'demo') return (world) => void populate(world, demoOrganization(DEMO_SEED))
  throw new Error(`--organization must be demo, school, company or empty, not ${organization}`)
}

async function writeDirectoryOf({ directory }: World, folder: string): Promise<void> {
  if (!directory) throw new Error('--directory needs an --organization that has one: demo, school or company')
  await writeDirectory(directory, folder)
}

interface Addresses {
  readonly origin: string
  readonly serviceConfigUrl: string
  readonly controlUrl: string
  readonly pushUrl?: string
  readonly locations: readonly { readonly uId: string; readonly name: string }[]
}

function described({ serviceConfigUrl, controlUrl, pushUrl, locations }: Addresses): string {
  return [
    `Apple's service config   ${serviceConfigUrl}`,
    `Control, and its page    ${controlUrl}/`,
    ...(pushUrl === undefined ? [] : [`Push service             ${pushUrl}`]),
    ...locations.map(({ uId, name }) => `Location ${uId}   ${name}: ${controlUrl}/locations/${uId}/tokens`),
    '',
  ].join('\n')
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}

function portNumber(option: string, value: string): number {
  const port = wholeNumber(option, value)
  if (port > 65_535) throw new Error(`${option} must be at most 65535, not ${value}`)
  return port
}

function wholeNumber(option: string, value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new Error(`${option} must be a whole number, not ${value}`)
  return Number(value)
}

main().catch((error: unknown) => {
  process.stderr.write(`apple-sim: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
