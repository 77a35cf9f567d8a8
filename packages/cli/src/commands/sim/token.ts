/** `apportion sim token`: a content token file of the simulated Apple, as an administrator would download it (O3). */
import { buildCommand } from '@stricli/core'
import { CommandFailure } from '../../failure.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import { callControl, locationPath } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly out: string | undefined
  readonly days: number
  readonly role: 'manage' | 'read'
}

const dayInMs = 86_400_000

export const token = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'Make a .vpptoken file for a location' },
  parameters: {
    flags: {
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Write it to this file; else to standard output',
        placeholder: 'FILE',
      },
      days: {
        kind: 'parsed',
        parse: parseCount,
        default: '365',
        brief: 'Days until it expires',
        placeholder: 'N',
      },
      role: { kind: 'enum', values: ['manage', 'read'], default: 'manage', brief: 'What it may do' },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'uId or name of the location', parse: String, placeholder: 'LOCATION' }],
    },
  },
  async func({ out, days, role, json }, wanted) {
    const { world } = this
    const path = `${await locationPath(world, wanted)}/tokens`
    const made = await callControl(world, {
      method: 'POST',
      path,
      body: { role, expiresInMs: days * dayInMs },
    })
    const file: unknown = Reflect.get(Object(made), 'file')
    if (typeof file !== 'string')
      throw new CommandFailure('sim.answer', 'The simulator gave no file; is it of this version?')
    if (out === undefined) return report(world, json, { file }, () => file)
    await world.writeSecret(out, file)
    report(world, json, { path: out }, () => `Wrote ${out}. Add it with: apportion token add ${out}`)
  },
})
