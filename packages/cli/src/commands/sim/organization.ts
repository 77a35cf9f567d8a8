/** Organizations that the simulator invents, and their directory as CSV (O3). */
import { resolve } from 'node:path'
import { buildCommand } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import { callControl } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

/** Numbers of an organization; those left out follow from the preset. */
export interface OrganizationNumbers {
  readonly devices: number | undefined
  readonly users: number | undefined
  readonly titles: number | undefined
  readonly licenses: number | undefined
  readonly locations: number | undefined
}

export const organizationNumberFlags = {
  devices: numberFlag('Devices, for school and company'),
  users: numberFlag('People in its directory'),
  titles: numberFlag('Apps and books'),
  licenses: numberFlag('Licenses that somebody holds'),
  locations: numberFlag('Locations'),
} as const

function numberFlag(brief: string) {
  return { kind: 'parsed', parse: parseWhole, optional: true, brief, placeholder: 'N' } as const
}

/** Zero or more: an organization may have no users. */
function parseWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`“${text}” is not a whole number`)
}

interface Flags extends OrganizationNumbers, JsonFlag {
  readonly seed: number
}

const presets: readonly string[] = ['school', 'company']

export const organization = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Invent an organization, and let the simulated Apple know it',
    fullDescription: 'The same seed and numbers always give the same organization.',
  },
  parameters: {
    flags: {
      ...organizationNumberFlags,
      seed: { kind: 'parsed', parse: parseCount, default: '1', brief: 'Seed of all of it', placeholder: 'N' },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: `What kind: ${presets.join(' or ')}`,
          parse: parsePreset,
          placeholder: 'KIND',
          proposeCompletions: () => presets,
        },
      ],
    },
  },
  async func({ json, ...numbers }, preset) {
    const body = { preset, ...numbers }
    const answer = await callControl(this.world, { method: 'POST', path: '/organization', body })
    report(this.world, json, answer, () => described(answer))
  },
})

function parsePreset(text: string): string {
  if (presets.includes(text)) return text
  throw new Error(`“${text}” is not one of ${presets.join(', ')}`)
}

function described(answer: unknown): string {
  // The simulator ships with this command line, in the same version.
  const { size, locations } = answer as {
    readonly size: Readonly<Record<string, number>>
    readonly locations: readonly { readonly uId: string; readonly name: string }[]
  }
  const numbers = Object.entries(size).map(([name, value]) => `${value.toLocaleString('en')} ${name}`)
  return [numbers.join(', '), ...locations.map(({ uId, name }) => `${uId}  ${name}`)].join('\n')
}

export const directory = buildCommand<JsonFlag, [string], CommandLine>({
  docs: {
    brief: "Write the organization's users, devices and groups as CSV",
    fullDescription: 'The simulator writes them, in the order in which a server imports them.',
  },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'Folder; made when it is missing',
          parse: (text: string) => resolve(text),
          placeholder: 'DIR',
        },
      ],
    },
  },
  async func({ json }, folder) {
    const answer = await callControl(this.world, { method: 'POST', path: '/directory', body: { folder } })
    const paths: unknown = Reflect.get(Object(answer), 'paths')
    report(this.world, json, answer, () => (Array.isArray(paths) ? paths.join('\n') : ''))
  },
})
