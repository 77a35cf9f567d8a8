/** The simulated Apple's time: moving it, and letting all that is planned happen (O3). */
import { buildCommand } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { callControl } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

export const advance = buildCommand<JsonFlag, [number], CommandLine>({
  docs: { brief: "Move the simulated Apple's clock forward" },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'How far: 90s, 15m, 12h, 30d', parse: parseSpan, placeholder: 'SPAN' }],
    },
  },
  async func({ json }, ms) {
    const answer = await callControl(this.world, { method: 'POST', path: '/clock/advance', body: { ms } })
    report(this.world, json, answer, () => `It is ${String(Reflect.get(Object(answer), 'now'))} there now.`)
  },
})

export const settle = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'Let everything happen that the simulated Apple has planned' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const answer = await callControl(this.world, { method: 'POST', path: '/settle' })
    report(this.world, json, answer, () => 'Nothing is planned any more.')
  },
})

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A span of time as typed, in milliseconds. */
export function parseSpan(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  const [, size] = Object.entries(units).find(([name]) => name === unit) ?? []
  if (count !== undefined && size !== undefined) return Number(count) * size
  throw new Error(`“${text}” is not a span of time. Give a number with its unit: 90s, 15m, 12h, 30d`)
}
