/** `apportion push list`: Apple's push certificates and how long they last (D1). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import type { CommandLine } from '../../world.ts'

const colors = { good: 'green', expiring: 'yellow', expired: 'red', refused: 'red' } as const

const columns = (timeZone: string): readonly Column<Item<'listPushCertificates'>>[] => [
  { title: 'TOPIC', of: ({ topic }) => topic },
  { title: 'STATE', of: ({ state }) => ({ text: state, color: colors[state] }) },
  { title: 'DAYS LEFT', of: ({ daysLeft }) => daysLeft },
  { title: 'ENDS', of: ({ expiresAt }) => localMoment(expiresAt, timeZone) },
  { title: 'DEVICES', of: ({ enrollments }) => enrollments },
  { title: 'FOR NEW DEVICES', of: ({ isCurrent }) => (isCurrent ? 'yes' : 'no') },
]

export const list = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'Push certificates, the one of new devices first' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const client = await connect(world)
    const found = unwrap(await client.GET('/api/v1/push-certificates'))
    report(world, json, found, () =>
      found.items.length === 0
        ? 'There is no push certificate. Begin with: apportion push request'
        : table(found.items, columns(world.timeZone), world.stdout),
    )
  },
})
