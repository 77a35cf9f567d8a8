#!/usr/bin/env node
/**
 * The simulator of Apple as its own process.
 */
import { parseArgs } from 'node:util'
import { startAppleSim } from './apple-sim.ts'
import { startControlPlane } from './control-plane.ts'
import { DEMO_SEED, demoOrganization } from './demo-organization.ts'
import { populate } from './demo-world.ts'

const USAGE = `apple-sim: Apple for tests, demos and rehearsals

  --port N                            Apple-facing port (default: a free one)
  --control-port N                    control port, loopback only (default: a free one)
  --state DIR                         keep locations, tokens and licenses in this folder
  --organization demo|empty           what to begin with (default: empty)
  --seed N                            seed of ids, delays and losses (default: 1)
  --allow-plain-http-notifications    accept http:// notification addresses
  --json                              print the addresses as one JSON object
  --help                              print this
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      state: { type: 'string' },
      organization: { type: 'string', default: 'empty' },
      seed: { type: 'string', default: '1' },
      'allow-plain-http-notifications': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  if (values.organization !== 'demo' && values.organization !== 'empty') {
    throw new Error(`--organization must be demo or empty, not ${values.organization}`)
  }
  const stopped = stopSignal()
  await using apple = await startAppleSim({
    port: portNumber('--port', values.port),
    seed: wholeNumber('--seed', values.seed),
    ...(values.state !== undefined && { stateFolder: values.state }),
    knobs: { allowPlainHttpNotifications: values['allow-plain-http-notifications'] },
  })
  if (values.organization === 'demo') populate(apple.world, demoOrganization(DEMO_SEED))
  await using control = await startControlPlane(apple, portNumber('--control-port', values['control-port']))
  const addresses = {
    origin: apple.origin,
    serviceConfigUrl: apple.serviceConfigUrl,
    controlUrl: control.origin,
    locations: apple.world.locations.map(({ uId, name }) => ({ uId, name })),
  }
  process.stdout.write(values.json ? `${JSON.stringify(addresses)}\n` : described(addresses))
  await stopped
}

interface Addresses {
  readonly origin: string
  readonly serviceConfigUrl: string
  readonly controlUrl: string
  readonly locations: readonly { readonly uId: string; readonly name: string }[]
}

function described({ serviceConfigUrl, controlUrl, locations }: Addresses): string {
  return [
    `Apple's service config   ${serviceConfigUrl}`,
    `Control                  ${controlUrl}/state`,
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
