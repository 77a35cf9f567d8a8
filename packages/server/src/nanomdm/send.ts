/**
 * Passes commands on to NanoMDM and has it wake the devices. Commands stand in `commands` before anything is sent, and what
 * NanoMDM may have is never given to it under another name: a lost answer costs a second try with the same `CommandUUID`.
 */
import { enqueueVerdict, pushesVerdict } from '@apportion/core/devices/nanomdm-verdict'
import { nextAskAfter, nextPush } from '@apportion/core/devices/waking'
import type { DeviceListener } from '../devices/channel.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import type { NanoMdmApi, NanoMdmReply } from './api.ts'
import { giveUpCommand } from './give-up.ts'
import {
  type DueAtNanoMdm,
  type NanoMdmProblem,
  noteNextWake,
  notePassed,
  notePassLater,
  noteProblem,
  noteWorking,
  type OutgoingCommand,
  standingOf,
  takeDueAtNanoMdm,
  takeOutgoing,
} from './outgoing.ts'

/** What sending to NanoMDM touches. */
export interface NanoSenderPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly api: NanoMdmApi
  /** Told of commands that NanoMDM does not take. */
  readonly listeners: readonly DeviceListener[]
  readonly log: Pick<Log, 'warn' | 'error'>
}

const minute = 60_000
/** How long no other process takes what was taken; longer than a request may last. */
const lease = 5 * minute
/** Commands passed on at a time, each of another device. */
const commandsAtOnce = 16
/** Devices woken by one request. */
const devicesAtOnce = 50
/** Requests for waking that one look sends. */
const wakesAtOnce = 8
/** So often a command is passed on that NanoMDM refuses, before it counts as failed. */
const mostRefusals = 5

/**
 * Passes on what is due and wakes who is due, in turns, so that a long queue keeps no other device asleep; gives how many
 * commands and devices that were. An aborted `signal` ends it after the turn that is under way.
 */
export async function sendDue(ports: NanoSenderPorts, signal?: AbortSignal): Promise<number> {
  const { retryAt } = await standingOf(ports.db)
  if (retryAt !== null && retryAt > ports.clock.now()) return 0
  const isStopping = (): boolean => signal?.aborted === true
  let count = 0
  while (!isStopping()) {
    const passed = await passSome(ports)
    count += passed.count
    if (passed.isStopped || isStopping()) break
    const woken = await wakeSome(ports)
    count += woken.count
    if (woken.isStopped || passed.count === 0) break
  }
  return count
}

/** What one turn did, and whether nothing more is to be asked for a while. */
interface Turn {
  readonly count: number
  readonly isStopped: boolean
}

/** What came of asking NanoMDM; a problem is one of everything that would be asked. */
type Outcome = { readonly problem: NanoMdmProblem; readonly detail: string } | null

async function passSome(ports: NanoSenderPorts): Promise<Turn> {
  const now = ports.clock.now()
  const leasedUntil = new Date(now.getTime() + lease)
  const commands = await takeOutgoing(ports.db, { most: commandsAtOnce, now, leasedUntil })
  const outcomes = await Promise.all(commands.map((command) => pass(ports, command, leasedUntil)))
  return { count: commands.length, isStopped: await note(ports, outcomes) }
}

async function pass(ports: NanoSenderPorts, command: OutgoingCommand, leasedUntil: Date): Promise<Outcome> {
  const { db, clock, api } = ports
  const reply = await api.enqueue(command.identifier, command.payload)
  const now = clock.now()
  const later = async (next: Date, isUntold: boolean): Promise<void> =>
    await notePassLater(db, command, { leasedUntil, next, isUntold })
  if ('unreachable' in reply) {
    await later(now, reply.isUntold)
    return { problem: 'unreachable', detail: reply.unreachable }
  }
  const verdict = enqueueVerdict(reply, command.identifier)
  switch (verdict.kind) {
    case 'taken':
      await notePassed(db, command, leasedUntil)
      return null
    case 'unauthorized':
      await later(now, true)
      return { problem: 'unauthorized', detail: `status ${reply.status}` }
    case 'unclear':
      await later(new Date(now.getTime() + nextPush(command.attempts)), false)
      return { problem: 'failing', detail: verdict.reason }
    case 'refused':
      await refused(ports, command, { leasedUntil, reason: verdict.reason })
      return null
  }
}

async function refused(
  ports: NanoSenderPorts,
  command: OutgoingCommand,
  { leasedUntil, reason }: { readonly leasedUntil: Date; readonly reason: string },
): Promise<void> {
  const { db, clock, log } = ports
  const facts = { enrollment: command.enrollmentId, command: command.id, reason }
  log.error(facts, 'NanoMDM does not take a command')
  const now = clock.now()
  if (command.attempts >= mostRefusals) return await giveUpCommand(ports, command, { reason, at: now })
  const next = new Date(now.getTime() + nextPush(command.attempts))
  await notePassLater(db, command, { leasedUntil, next, isUntold: false })
}

/**
 * Stores how well NanoMDM can be worked with. True when nothing more is asked for a while, since everything would fail in the
 * same way; what fails alone is tried again alone.
 */
async function note({ db, clock, log }: NanoSenderPorts, outcomes: readonly Outcome[]): Promise<boolean> {
  const problems = outcomes.filter((outcome) => outcome !== null)
  const worst = problems.find(({ problem }) => problem !== 'failing') ?? problems[0]
  if (worst === undefined) {
    if (outcomes.length > 0) await noteWorking(db)
    return false
  }
  const { problem, detail } = worst
  const at = clock.now()
  const before = await standingOf(db)
  const pause = Math.min(minute * 2 ** Math.min(before.attempts, 10), 15 * minute)
  const retryAt = problem === 'failing' ? null : new Date(at.getTime() + pause)
  await noteProblem(db, { problem, detail, at, retryAt })
  if (before.problem !== problem) log.error({ problem, detail }, advice[problem])
  return retryAt !== null
}

const advice: Readonly<Record<NanoMdmProblem, string>> = {
  unauthorized: 'NanoMDM does not take the key of its API; correct APPORTION_NANOMDM_KEY',
  unreachable: 'NanoMDM cannot be reached; see that it runs, and that APPORTION_NANOMDM_URL is right',
  failing: 'NanoMDM answers what it never does; see its log, and that APPORTION_NANOMDM_URL is right',
}

async function wakeSome(ports: NanoSenderPorts): Promise<Turn> {
  const now = ports.clock.now()
  const leasedUntil = new Date(now.getTime() + lease)
  const taking = { most: devicesAtOnce * wakesAtOnce, now, leasedUntil }
  const due = await takeDueAtNanoMdm(ports.db, taking)
  const groups: DueAtNanoMdm[][] = []
  for (let from = 0; from < due.length; from += devicesAtOnce)
    groups.push(due.slice(from, from + devicesAtOnce))
  const outcomes = await Promise.all(groups.map((group) => wake(ports, group, leasedUntil)))
  return { count: due.length, isStopped: await note(ports, outcomes) }
}

async function wake(
  ports: NanoSenderPorts,
  group: readonly DueAtNanoMdm[],
  leasedUntil: Date,
): Promise<Outcome> {
  const { db, clock, api, log } = ports
  const identifiers = group.map(({ identifier }) => identifier)
  const { outcome, failed } = read(await api.push(identifiers), identifiers)
  const [reason] = failed.values()
  if (reason !== undefined) log.warn({ devices: failed.size, reason }, 'NanoMDM could not wake devices')
  const now = clock.now()
  const after = (ms: number): Date => new Date(now.getTime() + ms)
  const isFailed = ({ identifier }: DueAtNanoMdm): boolean => failed.has(identifier)
  const again = group.filter(isFailed).map(({ id, attempts }) => ({ id, next: after(nextPush(attempts)) }))
  await noteNextWake(db, again, { leasedUntil, whatever: true })
  const woken = group.filter((each) => !isFailed(each))
  const asked = woken.map(({ id, attempts }) => ({ id, next: after(nextAskAfter(attempts)) }))
  await noteNextWake(db, asked, { leasedUntil, whatever: false })
  return outcome
}

/** The devices that were not woken, and why. */
function read(
  reply: NanoMdmReply,
  identifiers: readonly string[],
): { readonly outcome: Outcome; readonly failed: ReadonlyMap<string, string> } {
  const all = (outcome: NonNullable<Outcome>) => ({
    outcome,
    failed: new Map(identifiers.map((each) => [each, outcome.detail])),
  })
  if ('unreachable' in reply) return all({ problem: 'unreachable', detail: reply.unreachable })
  const verdict = pushesVerdict(reply, identifiers)
  if (verdict.kind === 'answered') return { outcome: null, failed: verdict.failed }
  if (verdict.kind === 'unauthorized')
    return all({ problem: 'unauthorized', detail: `status ${reply.status}` })
  return all({ problem: 'failing', detail: verdict.reason })
}
