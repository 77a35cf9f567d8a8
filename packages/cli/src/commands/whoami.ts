/** `apportion whoami`: which server the commands talk to, and as whom. */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect, findCredentials } from '../connection.ts'
import { fromNow } from '../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../output/report.ts'
import { facts } from '../output/table.ts'
import type { CommandLine } from '../world.ts'

export const whoami = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'Which server is used, and as whom' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const client = await connect(world)
    const credentials = await findCredentials(world)
    const { items } = unwrap(await client.GET('/api/v1/api-keys'))
    const key: Item<'listApiKeys'> | null = items.find(({ id }) => id === credentials?.apiKeyId) ?? null
    const source = world.settings.apiKey === undefined ? world.credentials.path : 'APPORTION_API_KEY'
    const shown = { url: credentials?.url ?? null, email: credentials?.email ?? null, source, apiKey: key }
    report(world, json, shown, () =>
      facts(
        [
          ['Server', shown.url],
          ['Administrator', key?.createdBy.name ?? shown.email],
          ['API key', key?.name ?? 'made elsewhere'],
          ['Made', key === null ? null : fromNow(key.createdAt, world.now())],
          ['From', source],
        ],
        world.stdout.paint,
      ),
    )
  },
})
