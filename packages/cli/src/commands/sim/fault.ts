/** `apportion sim fault`: makes the simulated Apple fail in one of its ways (O3). */
import { buildCommand } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import { type ControlCall, callControl } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

/** Faults of the next calls, and those that are a state of their own. */
const calls = [
  '429',
  '500',
  '503',
  'reset-before',
  'reset-after-commit',
  'html',
  'truncated',
  'slow',
] as const
const states = ['maintenance', 'stuck-events', 'forget-events', 'none'] as const
const kinds: readonly string[] = [...calls, ...states]

interface Flags extends JsonFlag {
  readonly times: number
  readonly match: string | undefined
  readonly retryAfter: number | undefined
  readonly delay: number | undefined
}

export const fault = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Make the simulated Apple fail',
    fullDescription: [
      `Kinds: ${kinds.join(', ')}.`,
      'reset-after-commit does the work and then cuts the connection; stuck-events never end; forget-events lose',
      'their outcome; none takes every fault back.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      times: { kind: 'parsed', parse: parseCount, default: '1', brief: 'How often', placeholder: 'N' },
      match: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only calls whose path has this part',
        placeholder: 'PATH',
      },
      retryAfter: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'Seconds in Retry-After',
        placeholder: 'SECONDS',
      },
      delay: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'Milliseconds that slow takes',
        placeholder: 'MS',
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'What goes wrong', parse: parseKind, placeholder: 'KIND', proposeCompletions: () => kinds },
      ],
    },
  },
  async func({ json, ...flags }, kind) {
    const answer = await callControl(this.world, faultCall(kind, flags))
    report(this.world, json, answer, () => (kind === 'none' ? 'No fault is planned.' : `Planned: ${kind}.`))
  },
})

/** The control that plays this fault. */
function faultCall(kind: string, { times, match, retryAfter, delay }: Omit<Flags, 'json'>): ControlCall {
  if (kind === 'none') return { method: 'DELETE', path: '/faults' }
  if (kind === 'maintenance') return { method: 'POST', path: '/faults/maintenance', body: { on: true } }
  if (kind === 'stuck-events' || kind === 'forget-events') {
    return { method: 'POST', path: `/faults/${kind}`, body: { count: times } }
  }
  return { method: 'POST', path: '/faults', body: { fault: kind, times, match, retryAfter, delayMs: delay } }
}

function parseKind(text: string): string {
  if (kinds.includes(text)) return text
  throw new Error(`“${text}” is not one of ${kinds.join(', ')}`)
}
