/** `apportion token add`: adds a content token after showing what it opens (T1, T4). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { requireYes, yesFlag } from '../../consent.ts'
import { CommandFailure, usageFailure } from '../../failure.ts'
import { holderName } from '../../output/holder.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { readTokenFile } from '../../token-file.ts'
import type { CommandLine, Questions, World } from '../../world.ts'
import { describeInspection, type Inspection } from './inspect.ts'
import { describeToken } from './show.ts'

interface Flags extends JsonFlag {
  readonly name: string | undefined
  readonly account: string | undefined
  readonly country: string | undefined
  readonly accountType: 'business' | 'education' | undefined
  readonly consent: boolean
  readonly takeOver: boolean
  readonly automaticUpdates: boolean
  readonly yes: boolean
}

export const add = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Add a content token: claim its location at Apple and start the first sync',
    fullDescription: [
      'Shows what the token opens and asks before anything is stored. Without a terminal, --consent says that',
      'serial numbers and user ids may be sent to Apple, and --yes that it may be added.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      name: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: "Name; the location's name when left out",
        placeholder: 'NAME',
      },
      account: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Managed Apple Account that it belongs to',
        placeholder: 'ACCOUNT',
      },
      country: {
        kind: 'parsed',
        parse: (text: string) => text.toUpperCase(),
        optional: true,
        brief: 'Country of the store, as NL; what Apple says when left out',
        placeholder: 'CC',
      },
      accountType: {
        kind: 'enum',
        values: ['business', 'education'],
        optional: true,
        brief: 'Kind of account; what Apple says when left out',
      },
      consent: {
        kind: 'boolean',
        brief: 'Serial numbers and user ids may be sent to Apple',
        default: false,
        withNegated: false,
      },
      takeOver: {
        kind: 'boolean',
        brief: 'Take the location over from another service',
        default: false,
        withNegated: false,
      },
      automaticUpdates: {
        kind: 'boolean',
        brief: 'Update its apps automatically',
        default: false,
        withNegated: false,
      },
      yes: yesFlag,
      json: jsonFlag,
    },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'The .vpptoken file from Apple; - for standard input', parse: String, placeholder: 'FILE' },
      ],
    },
  },
  async func(flags, path) {
    const { world } = this
    requireAgreement(world, flags)
    const content = await readTokenFile(world, path)
    const client = await connect(world)
    const found = unwrap(await client.POST('/api/v1/tokens/inspections', { body: { content } }))
    const { consent, takeOver } = await agree(world, found, flags)
    const { name, account, country, accountType, automaticUpdates } = flags
    const body = {
      content,
      consent,
      takeOver,
      automaticUpdates,
      ...(name === undefined ? {} : { name }),
      ...(account === undefined ? {} : { account }),
      ...(country === undefined ? {} : { country }),
      ...(accountType === undefined ? {} : { accountType }),
    }
    const token = unwrap(await client.POST('/api/v1/tokens', { body }))
    report(world, flags.json, token, () => describeToken(token, world))
    if (!flags.json)
      remark(world, `Added. The first sync has been asked for: apportion token sync ${token.id} --wait`)
  },
})

interface Agreement {
  readonly consent: boolean
  readonly takeOver: boolean
}

/** Without anybody to ask, the flags have to say it all; known before anything is sent. */
function requireAgreement(world: World, { consent, yes }: Flags): void {
  if (world.questions !== null) return
  const wanted = 'Serial numbers and user ids are sent to Apple. To consent, add --consent'
  if (!consent) throw usageFailure('token.consent', wanted)
  requireYes(world, yes, 'add it without being asked')
}

/**
 * What the person agrees to, by flags or by answering. Nothing is stored yet. With all flags given, a
 * location of another service is left to the server to refuse: it names the holder.
 */
async function agree(world: World, found: Inspection, flags: Flags): Promise<Agreement> {
  if (!flags.json) remark(world, describeInspection(found, world))
  const { consent, takeOver, yes } = flags
  if (world.questions === null || (yes && consent)) return { consent, takeOver }
  return await askAgreement(world.questions, found, flags)
}

async function askAgreement(questions: Questions, found: Inspection, flags: Flags): Promise<Agreement> {
  const holder = found.holder === null ? 'Another service' : holderName(found.holder)
  const wanted = [
    ...(found.holder === null || flags.takeOver
      ? []
      : [`${holder} manages this location. Take it over? It will lose control of its licenses.`]),
    ...(flags.consent ? [] : ['May serial numbers and user ids be sent to Apple?']),
    ...(flags.yes ? [] : ['Add this content token?']),
  ]
  for (const question of wanted) {
    if (!(await questions.confirm(question))) throw new CommandFailure('token.declined', 'Nothing was added.')
  }
  return { consent: true, takeOver: found.holder !== null }
}
