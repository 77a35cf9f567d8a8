/** Looking at the simulated Apple: faults, notifications, events, holders, knobs (O3). */
import { buildCommand } from '@stricli/core'
import { usageFailure } from '../../failure.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { parseCount } from '../../pages.ts'
import { callControl, locationPath } from '../../sim-control.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly limit: number
}

const limitFlag = {
  kind: 'parsed',
  parse: parseCount,
  default: '30',
  brief: 'Rows at most',
  placeholder: 'N',
} as const

/** A list under a name of an answer. The simulator ships with this command line: its answers have this shape. */
function listIn<Row>(answer: unknown, name: string): readonly Row[] {
  const list: unknown = Reflect.get(Object(answer), name)
  return Array.isArray(list) ? (list as Row[]) : []
}

interface Notification {
  readonly notificationType: string
  readonly uId: string
  readonly outcome: string
  readonly attempts: number
  readonly lastStatus?: number
}

export const notifications = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'What became of the latest notifications, newest last' },
  parameters: { flags: { limit: limitFlag, json: jsonFlag } },
  async func({ limit, json }) {
    const { world } = this
    const answer = await callControl(world, { method: 'GET', path: '/notifications' })
    const rows = listIn<Notification>(answer, 'notifications').slice(-limit)
    const columns: readonly Column<Notification>[] = [
      { title: 'TYPE', of: ({ notificationType }) => notificationType },
      { title: 'LOCATION', of: ({ uId }) => uId },
      { title: 'OUTCOME', of: ({ outcome }) => outcome },
      { title: 'ATTEMPTS', of: ({ attempts }) => attempts, align: 'right' },
      { title: 'ANSWER', of: ({ lastStatus }) => lastStatus ?? null, align: 'right' },
    ]
    report(world, json, answer, () =>
      rows.length === 0 ? 'None was sent.' : table(rows, columns, world.stdout),
    )
  },
})

interface Event {
  readonly id: string
  readonly type: string
  readonly status: string
  readonly requested: number
  readonly completed: number
}

export const events = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'The latest writes that a location accepted, newest last' },
  parameters: {
    flags: { limit: limitFlag, json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'uId or name of the location', parse: String, placeholder: 'LOCATION' }],
    },
  },
  async func({ limit, json }, wanted) {
    const { world } = this
    const path = `${await locationPath(world, wanted)}/events?limit=${limit}`
    const answer = await callControl(world, { method: 'GET', path })
    const rows = listIn<Event>(answer, 'events')
    const columns: readonly Column<Event>[] = [
      { title: 'EVENT', of: ({ id }) => id },
      { title: 'TYPE', of: ({ type }) => type },
      { title: 'STATE', of: ({ status }) => status },
      { title: 'DONE', of: ({ completed }) => completed, align: 'right' },
      { title: 'OF', of: ({ requested }) => requested, align: 'right' },
    ]
    report(world, json, answer, () =>
      rows.length === 0 ? 'It accepted none.' : table(rows, columns, world.stdout),
    )
  },
})

interface Holder {
  readonly adamId: string
  readonly serialNumber?: string
  readonly clientUserId?: string
}

interface HolderFlags extends Flags {
  readonly app: string | undefined
}

export const holders = buildCommand<HolderFlags, [string], CommandLine>({
  docs: { brief: 'Who holds licenses of a location, oldest first' },
  parameters: {
    flags: {
      app: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Of this adamId only',
        placeholder: 'ADAMID',
      },
      limit: limitFlag,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'uId or name of the location', parse: String, placeholder: 'LOCATION' }],
    },
  },
  async func({ app, limit, json }, wanted) {
    const { world } = this
    const query = new URLSearchParams({ limit: String(limit), ...(app !== undefined && { adamId: app }) })
    const path = `${await locationPath(world, wanted)}/assignments?${query.toString()}`
    const answer = await callControl(world, { method: 'GET', path })
    const rows = listIn<Holder>(answer, 'assignments')
    const columns: readonly Column<Holder>[] = [
      { title: 'ADAM ID', of: ({ adamId }) => adamId, align: 'right' },
      { title: 'DEVICE', of: ({ serialNumber }) => serialNumber ?? null },
      { title: 'USER', of: ({ clientUserId }) => clientUserId ?? null },
    ]
    report(world, json, answer, () =>
      rows.length === 0 ? 'Nobody holds any.' : table(rows, columns, world.stdout),
    )
  },
})

interface Fault {
  readonly fault: string
  readonly match?: string
  readonly chance?: number
  readonly hits: number
  readonly left: number | null
}

export const faults = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'What may still strike' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const answer = await callControl(world, { method: 'GET', path: '/faults' })
    const rows = listIn<Fault>(answer, 'active')
    const columns: readonly Column<Fault>[] = [
      { title: 'FAULT', of: ({ fault }) => fault },
      { title: 'STRIKES', of: ({ match }) => match ?? 'everything' },
      { title: 'CHANCE', of: ({ chance }) => chance ?? null, align: 'right' },
      { title: 'HITS', of: ({ hits }) => hits, align: 'right' },
      { title: 'LEFT', of: ({ left }) => left ?? 'no end', align: 'right' },
    ]
    report(world, json, answer, () =>
      rows.length === 0 ? 'Nothing is out to strike.' : table(rows, columns, world.stdout),
    )
  },
})

export const knobs = buildCommand<JsonFlag, [string?], CommandLine>({
  docs: { brief: 'Show the knobs of the simulated Apple, or turn some' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Knobs to turn, as JSON', parse: String, placeholder: 'JSON', optional: true }],
    },
  },
  async func({ json }, text) {
    const { world } = this
    if (text !== undefined)
      await callControl(world, { method: 'POST', path: '/knobs', body: parsedObject(text) })
    const answer = await callControl(world, { method: 'GET', path: '/knobs' })
    report(world, json, answer, () => JSON.stringify(answer, null, 2))
  },
})

function parsedObject(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usageFailure('usage.json', `“${text}” is not JSON`)
  }
}
