/** `apportion token sync`: asks for a sync and, when wished, waits for its end with its progress (S1). */
import { type ApiClient, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { CommandFailure, usageFailure } from '../../failure.ts'
import { allTokens, findToken, type Token } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { table } from '../../output/table.ts'
import { type SyncRun, syncLine } from '../../output/token-state.ts'
import { progressOf, type WaitFlags, waitFlags, waitUntil } from '../../waiting.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends JsonFlag, WaitFlags {
  readonly all: boolean
  readonly everything: boolean
}

export const sync = buildCommand<Flags, [string?], CommandLine>({
  docs: { brief: 'Sync with Apple now; one that waits or runs already is not started twice' },
  parameters: {
    flags: {
      all: { kind: 'boolean', brief: 'All content tokens', default: false, withNegated: false },
      everything: {
        kind: 'boolean',
        brief: 'Compare every license one by one, not only what changed',
        default: false,
        withNegated: false,
      },
      ...waitFlags,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN', optional: true },
      ],
    },
  },
  async func(flags, wanted) {
    const { world } = this
    if (flags.all === (wanted !== undefined)) {
      throw usageFailure('usage.which_token', 'Give either the id or name of a content token, or --all')
    }
    const client = await connect(world)
    const tokens = wanted === undefined ? await allTokens(client) : [await findToken(client, wanted)]
    const asked: AskedSync[] = []
    for (const token of tokens) asked.push({ token, run: await startSync(client, token.id, flags) })
    const runs = flags.wait ? await watch({ client, world, flags }, asked) : asked
    // One token gives one run, as the API does; --all gives them as a list.
    report(world, flags.json, flags.all ? { items: runs.map(({ run }) => run) } : runs[0]?.run, () =>
      describe(runs, world),
    )
    const failed = runs.filter(({ run }) => run.state === 'failed')
    if (failed.length > 0)
      throw new CommandFailure(
        'sync.failed',
        `${failed.length} of ${runs.length} syncs failed. See: apportion token show ID`,
      )
  },
})

interface AskedSync {
  readonly token: Token
  readonly run: SyncRun
}

interface Watching {
  readonly client: ApiClient
  readonly world: World
  readonly flags: WaitFlags & JsonFlag
}

async function startSync(
  client: ApiClient,
  id: number,
  { everything }: Pick<Flags, 'everything'>,
): Promise<SyncRun> {
  const query = everything ? { everything: 'true' } : {}
  return unwrap(await client.POST('/api/v1/tokens/{id}/syncs', { params: { path: { id }, query } }))
}

async function watch(
  { client, world, flags }: Watching,
  asked: readonly AskedSync[],
): Promise<readonly AskedSync[]> {
  const progress = progressOf(world)
  try {
    return await waitUntil(world, flags.timeout, async () => {
      const runs = await Promise.all(
        asked.map(async (each) => ({ ...each, run: await latest(client, each) })),
      )
      const open = runs.filter(({ run }) => run.state === 'waiting' || run.state === 'running')
      const [first] = open
      if (first !== undefined)
        progress.show(
          `${first.token.name}: ${syncLine(first.run)}${open.length > 1 ? `, ${open.length - 1} more` : ''}`,
        )
      return open.length === 0 ? runs : null
    })
  } finally {
    progress.end()
  }
}

async function latest(client: ApiClient, { token, run }: AskedSync): Promise<SyncRun> {
  const params = { path: { id: token.id }, query: { limit: 20 } }
  const { items } = unwrap(await client.GET('/api/v1/tokens/{id}/syncs', { params }))
  return items.find(({ id }) => id === run.id) ?? run
}

function describe(runs: readonly AskedSync[], { stdout }: World): string {
  return table(
    runs,
    [
      { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
      { title: 'SYNC', of: ({ run }) => syncLine(run), flexible: true },
      { title: 'FOUND', of: ({ run }) => run.licensesFound },
      { title: 'GONE', of: ({ run }) => run.licensesGone },
    ],
    stdout,
  )
}
