/** What other systems and people do at the simulated Apple: licenses behind a server's back, transfers, invitations (O3). */
import { buildCommand, type Command } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import { callControl, locationPath, simulatedLocations } from '../../sim-control.ts'
import type { CommandLine, World } from '../../world.ts'

/** Licenses that another system gives to devices. */
export const assignOutside = outsideCommand('assign-outside', 'Assign licenses to devices as another system')

/** Licenses that another system takes back. */
export const releaseOutside = outsideCommand(
  'release-outside',
  'Take licenses from devices as another system',
)

function outsideCommand(what: 'assign-outside' | 'release-outside', brief: string): Command<CommandLine> {
  return buildCommand<JsonFlag, [string, string, ...string[]], CommandLine>({
    docs: { brief },
    parameters: {
      flags: { json: jsonFlag },
      positional: {
        kind: 'array',
        minimum: 3,
        parameter: {
          brief: 'Location, adamId of the app, and one or more serial numbers',
          parse: String,
          placeholder: 'LOCATION|ADAMID|SERIAL',
        },
      },
    },
    async func({ json }, wanted, adamId, ...serialNumbers) {
      const { world } = this
      const path = `${await locationPath(world, wanted)}/${what}`
      const answer = await callControl(world, { method: 'POST', path, body: { adamId, serialNumbers } })
      const said = what === 'assign-outside' ? 'have a license now' : 'have no license any more'
      report(world, json, answer, () => `${serialNumbers.length} devices ${said} of ${adamId}.`)
    },
  })
}

interface AcceptFlags extends JsonFlag {
  readonly account: string | undefined
}

export const accept = buildCommand<AcceptFlags, [string, string], CommandLine>({
  docs: { brief: 'Accept the invitation of a registered user, as the person would' },
  parameters: {
    flags: {
      account: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Apple Account that the person signs in with',
        placeholder: 'ACCOUNT',
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'uId or name of the location', parse: String, placeholder: 'LOCATION' },
        { brief: 'clientUserId of the user', parse: String, placeholder: 'USER' },
      ],
    },
  },
  async func({ account, json }, wanted, clientUserId) {
    const { world } = this
    const path = `${await locationPath(world, wanted)}/accept-invitation`
    const body = { clientUserId, appleAccount: account }
    report(
      world,
      json,
      await callControl(world, { method: 'POST', path, body }),
      () => `${clientUserId} is associated now.`,
    )
  },
})

export const letGo = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'Let nobody manage a location any more' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'uId or name of the location', parse: String, placeholder: 'LOCATION' }],
    },
  },
  async func({ json }, wanted) {
    const path = `${await locationPath(this.world, wanted)}/let-go`
    const answer = await callControl(this.world, { method: 'POST', path })
    report(this.world, json, answer, () => `Nobody manages ${wanted} now.`)
  },
})

export const transfer = buildCommand<JsonFlag, [string, string, string, number], CommandLine>({
  docs: { brief: 'Move licenses from one location to another' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'uId or name of the location that gives', parse: String, placeholder: 'FROM' },
        { brief: 'uId or name of the location that gets', parse: String, placeholder: 'TO' },
        { brief: 'adamId of the app', parse: String, placeholder: 'ADAMID' },
        { brief: 'How many', parse: parseCount, placeholder: 'COUNT' },
      ],
    },
  },
  async func({ json }, ...[from, to, adamId, count]) {
    const { world } = this
    const path = `${await locationPath(world, from)}/transfer`
    const body = { adamId, count, to: await uIdOf(world, to) }
    const answer = await callControl(world, { method: 'POST', path, body })
    report(world, json, answer, () => `${count} licenses of ${adamId} moved from ${from} to ${to}.`)
  },
})

async function uIdOf(world: World, wanted: string): Promise<string> {
  const path = await locationPath(world, wanted)
  const found = (await simulatedLocations(world)).find(
    ({ uId }) => path === `/locations/${encodeURIComponent(uId)}`,
  )
  return found?.uId ?? wanted
}
