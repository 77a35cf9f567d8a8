/** Scenarios of faults, from a file or made up from a seed (O3). */
import { buildCommand } from '@stricli/core'
import { usageFailure } from '../../failure.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { parseCount } from '../../pages.ts'
import { callControl } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

interface PlayFlags extends JsonFlag {
  readonly random: number | undefined
  readonly harsh: boolean
  readonly print: boolean
}

/** A scenario that was started, as far as it is shown. The simulator ships with this command line. */
interface Run {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly steps: readonly {
    readonly step: { readonly at: number; readonly fault: string }
    readonly state: string
    readonly hits: number
    readonly reason?: string
  }[]
}

export const play = buildCommand<PlayFlags, [string?], CommandLine>({
  docs: {
    brief: 'Play a scenario of faults',
    fullDescription: [
      'FILE is JSON: {"seed": 7, "steps": [{"at": "10s", "fault": "503", "times": 3}]}; - reads standard input.',
      'With --random a scenario is made up, the same for the same seed. docs/guide/simulator.md has every fault.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      random: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'Make one up from this seed',
        placeholder: 'SEED',
      },
      harsh: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'With --random: also dead tokens and takeovers',
      },
      print: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'With --random: show it, and play nothing',
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'Scenario; - for standard input', parse: String, placeholder: 'FILE', optional: true },
      ],
    },
  },
  async func({ random, harsh, print, json }, file) {
    const { world } = this
    if ((file === undefined) === (random === undefined))
      throw usageFailure('usage.scenario', 'Give either a FILE or --random SEED')
    if (random !== undefined) {
      const body = { seed: random, harsh, print }
      const answer = await callControl(world, { method: 'POST', path: '/scenarios/random', body })
      const { scenario, run } = answer as { readonly scenario: unknown; readonly run?: Run }
      const text = () => (run ? describe(run) : JSON.stringify(scenario, null, 2))
      return report(world, json, print ? scenario : answer, text)
    }
    const body = parsed(Buffer.from(await world.readFile(file ?? '-')).toString('utf8'), file ?? '-')
    const run = (await callControl(world, { method: 'POST', path: '/scenarios', body })) as Run
    report(world, json, run, () => describe(run))
  },
})

export const scenarios = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'The latest scenarios, and what became of their steps' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const answer = await callControl(world, { method: 'GET', path: '/scenarios' })
    const { scenarios: runs } = answer as { readonly scenarios: readonly Run[] }
    const rows = runs.flatMap((run) => run.steps.map((step) => ({ run, ...step })))
    report(world, json, answer, () =>
      rows.length === 0 ? 'None was played.' : table(rows, columns, world.stdout),
    )
  },
})

export const stopScenario = buildCommand<JsonFlag, [number], CommandLine>({
  docs: { brief: 'Take back what is left of a scenario' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'Its number, from `apportion sim scenarios`', parse: parseCount, placeholder: 'ID' },
      ],
    },
  },
  async func({ json }, id) {
    const run = (await callControl(this.world, { method: 'DELETE', path: `/scenarios/${id}` })) as Run
    report(this.world, json, run, () => describe(run))
  },
})

type Row = Run['steps'][number] & { readonly run: Run }

const columns: readonly Column<Row>[] = [
  { title: 'ID', of: ({ run }) => run.id, align: 'right' },
  { title: 'SCENARIO', of: ({ run }) => run.name },
  { title: 'AT', of: ({ step }) => `${step.at / 1000}s`, align: 'right' },
  { title: 'FAULT', of: ({ step }) => step.fault },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'HITS', of: ({ hits }) => hits, align: 'right' },
  { title: 'REASON', of: ({ reason }) => reason ?? null, flexible: true },
]

const describe = ({ id, name, state, steps }: Run): string =>
  `Scenario ${id}, ${name}: ${state}, ${steps.length} steps.`

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usageFailure('usage.json', `${file} is not JSON`)
  }
}
