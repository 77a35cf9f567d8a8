/** `apportion sim state`: the simulated Apple's books (O3). */
import { buildCommand } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { table } from '../../output/table.ts'
import { callControl, simulatedLocations } from '../../sim-control.ts'
import type { CommandLine, World } from '../../world.ts'

export const state = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'Locations and licenses of the simulated Apple' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    if (json)
      return report(world, json, await callControl(world, { method: 'GET', path: '/state' }), () => '')
    const text = await describe(world)
    report(world, json, null, () => text)
  },
})

async function describe(world: World): Promise<string> {
  const locations = await simulatedLocations(world)
  const rows = locations.flatMap((location) => location.assets.map((asset) => ({ location, asset })))
  if (rows.length === 0) return 'Nothing is owned yet. Begin with: apportion sim start --organization demo'
  return table(
    rows,
    [
      { title: 'LOCATION', of: ({ location }) => location.name, flexible: true },
      { title: 'UID', of: ({ location }) => location.uId },
      { title: 'ADAM ID', of: ({ asset }) => asset.adamId, align: 'right' },
      { title: 'TOTAL', of: ({ asset }) => asset.total ?? 'unlimited', align: 'right' },
      { title: 'ASSIGNED', of: ({ asset }) => asset.assigned },
      { title: 'AVAILABLE', of: ({ asset }) => asset.available ?? 'unlimited', align: 'right' },
    ],
    world.stdout,
  )
}
