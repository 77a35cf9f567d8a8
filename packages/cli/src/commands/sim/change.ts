/** What can happen at the simulated Apple behind a server's back: buying, refunds, revoked tokens, another service (O3). */
import { buildCommand, type Command } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import { callControl, locationPath } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

const location = { brief: 'uId or name of the location', parse: String, placeholder: 'LOCATION' } as const

/** Licenses appear, as if an administrator bought them. */
export const buy = countCommand('buy', 'Buy licenses of an app')

/** Licenses go, as if Apple took them back. */
export const refund = countCommand('refund', 'Give licenses of an app back to Apple')

export const revoke = tokensCommand('revoke', 'Revoke all tokens of a location, as a new download does')

export const expire = tokensCommand('expire', 'Let all tokens of a location expire')

interface TakeOverFlags extends JsonFlag {
  readonly id: string
  readonly name: string
  readonly metadata: string
}

export const takeOver = buildCommand<TakeOverFlags, [string], CommandLine>({
  docs: { brief: 'Let another service claim a location' },
  parameters: {
    flags: {
      id: { kind: 'parsed', parse: String, default: 'another-service', brief: 'Its id', placeholder: 'ID' },
      name: {
        kind: 'parsed',
        parse: String,
        default: 'Another service',
        brief: 'Its name',
        placeholder: 'NAME',
      },
      metadata: {
        kind: 'parsed',
        parse: String,
        default: 'rehearsal',
        brief: 'Its metadata',
        placeholder: 'TEXT',
      },
      json: jsonFlag,
    },
    positional: { kind: 'tuple', parameters: [location] },
  },
  async func({ json, ...claim }, wanted) {
    const { world } = this
    const path = `${await locationPath(world, wanted)}/take-over`
    report(
      world,
      json,
      await callControl(world, { method: 'POST', path, body: claim }),
      () => `${claim.name} manages ${wanted} now.`,
    )
  },
})

function countCommand(what: 'buy' | 'refund', brief: string): Command<CommandLine> {
  return buildCommand<JsonFlag, [string, string, number], CommandLine>({
    docs: { brief },
    parameters: {
      flags: { json: jsonFlag },
      positional: {
        kind: 'tuple',
        parameters: [
          location,
          { brief: 'adamId of the app', parse: String, placeholder: 'ADAMID' },
          { brief: 'How many', parse: parseCount, placeholder: 'COUNT' },
        ],
      },
    },
    async func({ json }, wanted, adamId, count) {
      const { world } = this
      const path = `${await locationPath(world, wanted)}/${what}`
      const answer = await callControl(world, { method: 'POST', path, body: { adamId, count } })
      report(
        world,
        json,
        answer,
        () => `${count} licenses of ${adamId}: ${what === 'buy' ? 'bought' : 'given back'}.`,
      )
    },
  })
}

function tokensCommand(what: 'revoke' | 'expire', brief: string): Command<CommandLine> {
  return buildCommand<JsonFlag, [string], CommandLine>({
    docs: { brief },
    parameters: { flags: { json: jsonFlag }, positional: { kind: 'tuple', parameters: [location] } },
    async func({ json }, wanted) {
      const { world } = this
      const path = `${await locationPath(world, wanted)}/tokens/${what}`
      const said = what === 'revoke' ? 'revoked' : 'expired'
      report(
        world,
        json,
        await callControl(world, { method: 'POST', path }),
        () => `The tokens of ${wanted} are ${said}.`,
      )
    },
  })
}
