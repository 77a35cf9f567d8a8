/** `apportion sim start`: the simulator of Apple, until it is stopped (O3). */
import { buildCommand } from '@stricli/core'
import { CommandFailure } from '../../failure.ts'
import { parseCount } from '../../pages.ts'
import { simulatorPorts } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'
import { type OrganizationNumbers, organizationNumberFlags } from './organization.ts'

interface Flags extends OrganizationNumbers {
  readonly port: string
  readonly controlPort: string
  readonly state: string | undefined
  readonly organization: 'demo' | 'school' | 'company' | 'empty'
  readonly directory: string | undefined
  readonly seed: number
  readonly allowPlainHttpNotifications: boolean
  readonly json: boolean
}

const program = new URL('../../../../apple-sim/src/main.ts', import.meta.url)

export const start = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Run the simulator of Apple until it is stopped',
    fullDescription: [
      'Point a server at it: APPORTION_APPLE_URL is the service config that it prints, and',
      'APPORTION_APPLE_ALLOW_LOOPBACK_HTTP=true allows plain HTTP to this machine.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      port: {
        kind: 'parsed',
        parse: parsePort,
        default: simulatorPorts.apple,
        brief: 'Port that plays Apple',
        placeholder: 'PORT',
      },
      controlPort: {
        kind: 'parsed',
        parse: parsePort,
        default: simulatorPorts.control,
        brief: 'Port that `apportion sim` talks to',
        placeholder: 'PORT',
      },
      state: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Folder that keeps its state',
        placeholder: 'DIR',
      },
      organization: {
        kind: 'enum',
        values: ['demo', 'school', 'company', 'empty'],
        default: 'demo',
        brief: 'What to begin with',
      },
      ...organizationNumberFlags,
      directory: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: "Write the organization's users, devices and groups there, as CSV",
        placeholder: 'DIR',
      },
      seed: {
        kind: 'parsed',
        parse: parseCount,
        default: '1',
        brief: 'Seed of what it makes up',
        placeholder: 'N',
      },
      allowPlainHttpNotifications: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Accept http:// notification addresses',
      },
      json: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Print the addresses as one JSON document',
      },
    },
  },
  async func({ port, controlPort, state, organization, seed, allowPlainHttpNotifications, json, ...more }) {
    const flags = [
      `--port=${port}`,
      `--control-port=${controlPort}`,
      `--organization=${organization}`,
      `--seed=${seed}`,
      ...(state === undefined ? [] : [`--state=${state}`]),
      ...Object.entries(more).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
      ...(allowPlainHttpNotifications ? ['--allow-plain-http-notifications'] : []),
      ...(json ? ['--json'] : []),
    ]
    const code = await this.world.runProgram(program, flags)
    if (code !== 0) throw new CommandFailure('sim.ended', `The simulator ended with code ${code}; see above.`)
  },
})

/** 0 to 65535; 0 takes a free one. Kept as text, for the simulator's own flags. */
function parsePort(text: string): string {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return text
  throw new Error(`“${text}” is not a port from 0 to 65535`)
}
