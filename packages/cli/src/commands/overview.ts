/** `apportion overview`: the state of everything, most urgent first (M2). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../connection.ts'
import { exactMoment, fromNow } from '../output/moment.ts'
import { printable } from '../output/printable.ts'
import { type JsonFlag, jsonFlag, report } from '../output/report.ts'
import { facts } from '../output/table.ts'
import type { CommandLine, World } from '../world.ts'

export const overview = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'The state of everything, most urgent first' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const client = await connect(world)
    const found = unwrap(await client.GET('/api/v1/overview'))
    report(world, json, found, () => describe(found, world))
  },
})

function describe(found: Answer<'getOverview'>, { stdout, now, timeZone }: World): string {
  const { licenses, attention, operations } = found
  const urgent = attention.map(({ severity, text }) => {
    const color = severity === 'critical' ? 'red' : severity === 'warning' ? 'yellow' : 'dim'
    return `${stdout.paint(color, severity.padEnd(8))}  ${printable(text)}`
  })
  const exact =
    found.exactAsOf === null
      ? 'not all locations are synced yet'
      : `${exactMoment(found.exactAsOf, timeZone)} (${fromNow(found.exactAsOf, now())})`
  const counted = facts(
    [
      [
        'Content tokens',
        found.tokens.needAttention === 0
          ? String(found.tokens.total)
          : `${found.tokens.total}, of which ${found.tokens.needAttention} need attention`,
      ],
      ['Apps and books', String(found.titles)],
      [
        'Licenses',
        `${licenses.used} of ${licenses.total} used, ${licenses.available} available, ${licenses.waiting} waiting, ${licenses.heldOutside} held outside`,
      ],
      ['On their way', `${licenses.granting} coming, ${licenses.releasing} going back`],
      ['Devices', `${found.devices} devices, ${found.users} users, ${found.groups} groups`],
      ['Assignments', String(found.assignments)],
      ['Operations', `${operations.open} open, ${operations.failedLastDay} failed in a day`],
      ['Exact as of', exact],
    ],
    stdout.paint,
  )
  return [...urgent, ...(urgent.length > 0 ? [''] : []), counted].join('\n')
}
