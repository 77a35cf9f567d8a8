/** `apportion sim requests`: what the simulated Apple was asked (O3). */
import { buildCommand } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { parseCount } from '../../pages.ts'
import { callControl } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly limit: number
}

/** A call as the simulator logs it, as far as it is shown. */
interface LoggedCall {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly errorNumber?: number
  readonly tasks?: number
}

export const requests = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'The latest calls that the simulated Apple got, newest last' },
  parameters: {
    flags: {
      limit: { kind: 'parsed', parse: parseCount, default: '30', brief: 'Calls at most', placeholder: 'N' },
      json: jsonFlag,
    },
  },
  async func({ limit, json }) {
    const { world } = this
    const answer = await callControl(world, { method: 'GET', path: '/requests' })
    const logged: unknown = Reflect.get(Object(answer), 'requests')
    // The simulator ships with this command line, in the same version.
    const shown = Array.isArray(logged) ? (logged as LoggedCall[]).slice(-limit) : []
    report(world, json, answer, () =>
      shown.length === 0 ? 'It was asked nothing.' : table(shown, columns, world.stdout),
    )
  },
})

const columns: readonly Column<LoggedCall>[] = [
  { title: 'METHOD', of: ({ method }) => method },
  { title: 'PATH', of: ({ path }) => path, flexible: true },
  { title: 'STATUS', of: ({ status }) => (status === 0 ? 'cut' : status), align: 'right' },
  { title: 'ERROR', of: ({ errorNumber }) => errorNumber ?? null },
  { title: 'TASKS', of: ({ tasks }) => tasks ?? null },
]
