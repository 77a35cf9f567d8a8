/** `apportion devices why`: why an app is, or is not, on a device, link by link, and what to do (D8). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { attention } from '../../failure.ts'
import { deviceAndApp, findAppOfDevice, tokenOfApp } from '../../lookup/app-of-device.ts'
import { wordsOf } from '../../output/install.ts'
import { fromNow } from '../../output/moment.ts'
import type { Color } from '../../output/paint.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import type { CommandLine, World } from '../../world.ts'

type Why = Answer<'explainInstall'>
type Link = Why['links'][number]

interface Flags extends JsonFlag {
  readonly token: string | undefined
  readonly strict: boolean
}

export const why = buildCommand<Flags, [string, string], CommandLine>({
  docs: { brief: 'Why an app is, or is not, on a device, from the rule to the device, and what to do' },
  parameters: {
    flags: {
      token: tokenOfApp,
      strict: {
        kind: 'boolean',
        brief: 'Exit code 6 when somebody has to do something',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
    positional: { kind: 'tuple', parameters: deviceAndApp },
  },
  async func({ token, strict, json }, serialNumber, app) {
    const { world } = this
    const client = await connect(world)
    const { device, asset } = await findAppOfDevice(client, { serialNumber, app, token })
    const path = { id: device.id, assetId: asset.id }
    const found = unwrap(await client.GET('/api/v1/devices/{id}/why/{assetId}', { params: { path } }))
    report(world, json, found, () => describe(found, world))
    if (strict && found.links.at(-1)?.state === 'ends') {
      throw attention('install.ends', `${found.assetName} does not get onto ${found.serialNumber} by itself.`)
    }
  },
})

function describe(found: Why, world: World): string {
  const { assetName, serialNumber, deviceName, links, advice, install, lastSeenAt } = found
  const cause = install?.cause ?? null
  const said = cause === null || links.at(-1)?.link !== 'device' ? [] : [cause.text, ...wordsOf(cause)]
  return [
    `${assetName} on ${[serialNumber, deviceName].filter((part) => part !== '').join(', ')}`,
    '',
    table(links, columns(world.now()), world.stdout),
    '',
    ...moreOf(found),
    ...said,
    `Last heard of: ${fromNow(lastSeenAt, world.now())}`,
    world.stdout.paint('bold', `What to do: ${advice.text}`),
  ].join('\n')
}

function moreOf({ groupName, place, refusal }: Why): readonly string[] {
  const number = refusal?.number ?? null
  return [
    ...(groupName === null ? [] : [`Group: ${groupName}`]),
    ...(place === null ? [] : [`Place in the queue: ${place}`]),
    ...(refusal === null
      ? []
      : [`Apple said${number === null ? '' : ` (error ${number})`}: ${refusal.text}`]),
  ]
}

const shown = { passed: 'holds', waits: 'waits', ends: 'ends' } as const
const colors = { passed: 'green', waits: 'yellow', ends: 'red' } as const satisfies Record<
  Link['state'],
  Color
>

const columns = (now: Date): readonly Column<Link>[] => [
  { title: 'LINK', of: ({ link }) => link },
  { title: 'STATE', of: ({ state }) => ({ text: shown[state], color: colors[state] }) },
  { title: 'SINCE', of: ({ at }) => (at === null ? null : fromNow(at, now)) },
  { title: 'WHAT IT SAYS', of: ({ text }) => text, flexible: true },
]
