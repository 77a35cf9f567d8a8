/** `apportion devices targets`: what is meant for a device, by which rule, and what an exclusion keeps from it. */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findDevice } from '../../lookup/device.ts'
import { fromNow } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import type { CommandLine, World } from '../../world.ts'

type Targets = Answer<'listDeviceTargets'>
type Target = Targets['targets'][number]
type Excluded = Targets['excluded'][number]

export const targets = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'What is meant for a device, by which rule, and what is excluded' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Serial number, or the start of one', parse: String, placeholder: 'SERIAL' }],
    },
  },
  async func({ json }, wanted) {
    const { world } = this
    const client = await connect(world)
    const { id } = await findDevice(client, wanted)
    const meant = unwrap(await client.GET('/api/v1/devices/{id}/targets', { params: { path: { id } } }))
    report(world, json, meant, () => describe(meant, world))
  },
})

function describe({ targets: meant, excluded }: Targets, { stdout, now }: World): string {
  const rows = meant.length === 0 ? 'Nothing is meant for it.' : table(meant, targetColumns(now()), stdout)
  const conflicts = meant.flatMap(describeConflicts)
  const shown = conflicts.length === 0 ? rows : `${rows}\n\n${conflicts.join('\n')}`
  if (excluded.length === 0) return shown
  return `${shown}\n\nKept from it by an exclusion:\n${table(excluded, excludedColumns, stdout)}`
}

/** Which assignments hold where several say different things of a setting (A3). */
function describeConflicts({ assetName, settings }: Target): readonly string[] {
  return settings.conflicts.map(({ setting, held, overruled }) => {
    const holds = held.length === 0 ? 'the default' : `assignment ${held.join(', ')}`
    return `${assetName}: ${setting} is as ${holds} says, not as assignment ${overruled.join(', ')}`
  })
}

const targetColumns = (now: Date): readonly Column<Target>[] => [
  { title: 'APP', of: ({ assetName }) => assetName, flexible: true },
  { title: 'TOKEN', of: ({ tokenName }) => tokenName, flexible: true },
  { title: 'MEANT', of: intentOf },
  { title: 'LICENSE', of: ({ licenseType }) => licenseType },
  { title: 'GROUP', of: ({ groupName }) => groupName, flexible: true },
  { title: 'ASSIGNMENT', of: ({ assignmentId }) => assignmentId },
  { title: 'PRIORITY', of: ({ priority }) => priority },
  { title: 'ASKED', of: ({ askedAt }) => (askedAt === null ? null : fromNow(askedAt, now)) },
]

const excludedColumns: readonly Column<Excluded>[] = [
  { title: 'APP', of: ({ assetName }) => assetName, flexible: true },
  { title: 'TOKEN', of: ({ tokenName }) => tokenName, flexible: true },
  { title: 'GROUP', of: ({ groupName }) => groupName, flexible: true },
  { title: 'ASSIGNMENT', of: ({ assignmentId }) => assignmentId },
]

/** What is required can be offered beside it. */
function intentOf({ intent, offered }: Target): string {
  const word = intent === 'available_or_uninstall' ? 'removed unless asked for' : intent
  return offered && intent === 'required' ? 'required, available' : word
}
