/** `apportion sim fault`: makes the simulated Apple fail in one of its ways (O3). */
import { buildCommand } from '@stricli/core'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import { type ControlCall, callControl } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

/** Faults of the next calls, of pages, events and notifications, and those that are a state of their own. */
const calls = [
  '429',
  '500',
  '503',
  'reset-before',
  'reset-after-commit',
  'timeout-after-commit',
  'html',
  'truncated',
  'slow',
] as const
const others = [
  'versions-move',
  'pages-move',
  'partial-failure',
  'lose',
  'double',
  'delay',
  'reorder',
] as const
const states = ['maintenance', 'stuck-events', 'forget-events', 'none'] as const
const kinds: readonly string[] = [...calls, ...others, ...states]

interface Flags extends JsonFlag {
  readonly times: number
  readonly match: string | undefined
  readonly retryAfter: number | undefined
  readonly delay: number | undefined
  readonly chance: number | undefined
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
        brief: 'Only calls whose path has this part, or events and notifications of this type',
        placeholder: 'PART',
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
        brief: 'Milliseconds that slow takes, or a notification is late',
        placeholder: 'MS',
      },
      chance: {
        kind: 'parsed',
        parse: parseChance,
        optional: true,
        brief: 'Share that is hit, from 0 to 1; else all',
        placeholder: 'SHARE',
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
function faultCall(
  kind: string,
  { times, match, retryAfter, delay, chance }: Omit<Flags, 'json'>,
): ControlCall {
  if (kind === 'none') return { method: 'DELETE', path: '/faults' }
  if (kind === 'maintenance') return { method: 'POST', path: '/faults/maintenance', body: { on: true } }
  if (kind === 'stuck-events' || kind === 'forget-events') {
    return { method: 'POST', path: `/faults/${kind}`, body: { count: times } }
  }
  const body = { fault: kind, times, match, retryAfter, chance, delayMs: delay }
  return { method: 'POST', path: '/faults', body }
}

function parseChance(text: string): number {
  const share = Number(text)
  if (text !== '' && share >= 0 && share <= 1) return share
  throw new Error(`“${text}” is not a share from 0 to 1`)
}

function parseKind(text: string): string {
  if (kinds.includes(text)) return text
  throw new Error(`“${text}” is not one of ${kinds.join(', ')}`)
}
