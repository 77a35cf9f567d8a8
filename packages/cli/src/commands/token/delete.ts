/** `apportion token delete`: shows what deleting a content token does, asks, deletes, and follows it (T6). */
import { type Answer, type ApiClient, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { requireYes, yesFlag } from '../../consent.ts'
import { attention, CommandFailure, usageFailure } from '../../failure.ts'
import { findToken } from '../../lookup/token.ts'
import { describeDeletion, describePreview, progressLine } from '../../output/deletion.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { progressOf, type WaitFlags, waitFlags, waitUntil } from '../../waiting.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends JsonFlag, WaitFlags {
  readonly licenses: 'release' | 'leave' | undefined
  readonly preview: boolean
  readonly status: boolean
  readonly cancel: boolean
  readonly yes: boolean
}

type Deletion = Answer<'getTokenDeletion'>

export const deleteToken = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Delete a content token: licenses come back or are left, the claim at Apple is released',
    fullDescription: [
      'Shows what will happen and asks. Without a terminal, --licenses says what becomes of the licenses that',
      'Apportion gave, and --yes that it may be done. While licenses come back it can be called off with --cancel.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      licenses: {
        kind: 'enum',
        values: ['release', 'leave'],
        optional: true,
        brief: 'Take licenses back first, or leave them with their holders',
      },
      preview: {
        kind: 'boolean',
        brief: 'Only show what would happen',
        default: false,
        withNegated: false,
      },
      status: { kind: 'boolean', brief: 'Only show how far it is', default: false, withNegated: false },
      cancel: { kind: 'boolean', brief: 'Call the deletion off', default: false, withNegated: false },
      yes: yesFlag,
      ...waitFlags,
      json: jsonFlag,
    },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' }],
    },
  },
  async func(flags, wanted) {
    const { world } = this
    refuseUnclear(world, flags)
    const client = await connect(world)
    const { id, name } = await which(client, wanted)
    if (flags.cancel) return await cancel(client, { world, flags, id })
    const found = await read(client, id)
    if (flags.preview || flags.status || found.state === 'deleted') {
      return report(world, flags.json, found, () => describeDeletion(found, world))
    }
    const licenses = await agree(world, found, { name, flags })
    const body = { name, licenses }
    const begun = unwrap(
      await client.POST('/api/v1/tokens/{id}/deletion', { params: { path: { id } }, body }),
    )
    const ended = flags.wait ? await watch(client, { world, flags, id }) : begun
    report(world, flags.json, ended, () => describeDeletion(ended, world))
    if (ended.end?.claim === 'failed') throw attention('token.claim_left', ended.end.claimDetail ?? '')
  },
})

/** A deleted token is found by its id alone. */
async function which(
  client: ApiClient,
  wanted: string,
): Promise<{ readonly id: number; readonly name: string }> {
  if (!/^\d{1,15}$/.test(wanted)) return await findToken(client, wanted)
  const id = Number(wanted)
  const { preview, end } = await read(client, id)
  return { id, name: preview?.name ?? end?.name ?? wanted }
}

async function read(client: ApiClient, id: number): Promise<Deletion> {
  return unwrap(await client.GET('/api/v1/tokens/{id}/deletion', { params: { path: { id } } }))
}

/** Without anybody to ask, the flags have to say it all; known before anything is sent. */
function refuseUnclear(world: World, { licenses, preview, status, cancel: off, yes }: Flags): void {
  if (world.questions !== null || preview || status || off) return
  if (licenses === undefined) {
    throw usageFailure(
      'token.licenses',
      'Say what becomes of the licenses that Apportion gave: --licenses release or --licenses leave',
    )
  }
  requireYes(world, yes, 'delete it without being asked')
}

async function agree(
  world: World,
  { preview }: Deletion,
  { name, flags }: { readonly name: string; readonly flags: Flags },
): Promise<'release' | 'leave'> {
  if (preview !== null && !flags.json) remark(world, describePreview(preview, world))
  const { questions } = world
  const asks = preview === null || preview.licenses.ours > 0
  const licenses = flags.licenses ?? (asks && questions !== null ? await choose(questions, preview) : 'leave')
  if (flags.yes || questions === null) return licenses
  const typed = await questions.text(`Type the name of the token to delete it (${name}):`)
  if (typed.trim() === name) return licenses
  throw new CommandFailure('token.declined', 'Nothing was deleted.')
}

async function choose(
  questions: NonNullable<World['questions']>,
  preview: Deletion['preview'],
): Promise<'release' | 'leave'> {
  if (preview?.cannotRelease != null) return 'leave'
  const yes = await questions.confirm('Take the licenses that Apportion gave back first? No leaves them.')
  return yes ? 'release' : 'leave'
}

interface Following {
  readonly world: World
  readonly flags: Flags
  readonly id: number
}

async function cancel(client: ApiClient, { world, flags, id }: Following): Promise<void> {
  const params = { path: { id } }
  unwrap(await client.DELETE('/api/v1/tokens/{id}/deletion', { params }))
  const now = await read(client, id)
  report(
    world,
    flags.json,
    now,
    () => 'Called off. Licenses that came back already go to whoever is to have them.',
  )
}

/** Until it is gone, or until it cannot go on by itself. */
async function watch(client: ApiClient, { world, flags, id }: Following): Promise<Deletion> {
  const progress = progressOf(world)
  try {
    return await waitUntil(world, flags.timeout, async () => {
      const now = await read(client, id)
      if (now.progress?.blocked != null) throw attention('token.deletion_blocked', now.progress.blocked.text)
      if (now.progress !== null) progress.show(progressLine(now.progress))
      return now.state === 'running' ? null : now
    })
  } finally {
    progress.end()
  }
}
