/**
 * Compares what is meant for devices under management with how their installations stand, and tells the devices what
 * follows (D3, D4).
 *
 *     delivery_looks, due_at → facts → wish → advance (core) → installs, commands
 *
 * Level-triggered: a look says where, never what. A license that Apple confirmed is the condition of every install command
 * (invariant 2): it is read in the transaction that queues the command.
 */
import { advanceByJoining, advanceByRelease, advanceByWish } from '@apportion/core/installs/advance'
import type { Advance, Install } from '@apportion/core/installs/install'
import { bookWishOf, takesBooks, wishOf } from '@apportion/core/installs/wish'
import { sql } from 'kysely'
import type { CommandQueue, NewCommand } from '../devices/channel.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { askAfter, managedLists } from './ask-after.ts'
import { synchronize } from './declared-apps.ts'
import { type DeliveryFacts, readFacts } from './facts.ts'
import { passOn } from './pass-on.ts'
import {
  dueLooks,
  type InstallChange,
  type Look,
  lockInstalls,
  type StoredInstall,
  storeInstalls,
  takeLooks,
} from './store.ts'

import { isToSynchronize, type Looked, type Told, tell } from './tell.ts'

export interface DeliverPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
  readonly channel: CommandQueue
}

/** Titles on devices looked at in one transaction. */
const atOnce = 500

/** The step that delivers; due for what somebody asked to look at, and for what waited for a moment that has come. */
export function deliverStep(ports: DeliverPorts): LocationStep {
  return {
    name: 'deliver',
    alone: true,
    due: (now) => sql`SELECT location_id FROM delivery_looks
      UNION SELECT location_id FROM installs WHERE due_at <= ${now}`,
    run: (turn) => deliver(ports, turn),
  }
}

/** Batches in one turn; then the other steps of the location have theirs. */
const mostBatches = 20

/** Never beside reconcile, which writes the looks that this takes, and takes those that this writes. */
async function deliver(ports: DeliverPorts, turn: LocationTurn): Promise<void> {
  for (let batch = 0; batch < mostBatches; batch += 1) {
    if (!(await deliverSome(ports, turn))) return
    turn.signal.throwIfAborted()
  }
}

/** Looks at some; false when there was nothing to look at. */
async function deliverSome(ports: DeliverPorts, turn: LocationTurn): Promise<boolean> {
  return await inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    const now = ports.clock.now()
    const { locationId } = turn.lease
    const asked = await takeLooks(tx, locationId, atOnce)
    const looks = asked.length > 0 ? asked : await dueLooks(tx, { locationId, now, limit: atOnce })
    if (looks.length === 0) return false
    await lookAt(tx, ports, { looks, now })
    return true
  })
}

async function lookAt(
  tx: Tx,
  ports: DeliverPorts,
  { looks, now }: { readonly looks: readonly Look[]; readonly now: Date },
): Promise<void> {
  await lockEnrollments(tx, looks)
  const facts = await readFacts(tx, looks)
  const present = await lockInstalls(tx, facts)
  const stored = new Map(present.map((each) => [keyOf(each), each]))
  const looked = oneOfEach(facts.flatMap((each) => decide(each, stored.get(keyOf(each)) ?? null, now)))
  await rest(tx, looks, now)
  const told = await tell(tx, ports.newId, { looked, now })
  const enrollmentIds = looked.flatMap((each) =>
    isToSynchronize(each, told.get(each)) ? [each.facts.enrollmentId] : [],
  )
  const synchronizing = await synchronize(tx, ports, { enrollmentIds, at: now })
  const changes = looked.map((each) => changeOf(each, told.get(each), synchronizing))
  await storeInstalls(tx, changes, now)
  await ports.channel.withdraw(
    tx,
    looked.flatMap((each) => toWithdraw(each, told.get(each))),
  )
  await ports.channel.queue(
    tx,
    [...told.values()].flatMap(({ command }) => command ?? []),
    now,
  )
  // Declared apps are told of by themselves, and stand in no list.
  const toAsk = looked
    .filter(({ advance, before }) => advance.act === 'ask' && (before?.declared ?? null) === null)
    .map((each) => each.facts)
  for (const list of managedLists) {
    const ids = toAsk
      .filter(({ isBook }) => isBook === (list === 'books'))
      .map(({ enrollmentId }) => enrollmentId)
    await askAfter(tx, ports, { list, enrollmentIds: ids, at: now })
  }
  await passOn(tx, changes)
}

/**
 * A command that is to be taken back, should the device not have heard it: another takes its place, or what it was for is
 * not meant any more, or not licensed (invariant 2).
 */
function toWithdraw({ before, advance, facts }: Looked, told: Told | undefined) {
  if (before === null || before.declared !== null || before.commandId === null) return []
  const { state, cause } = advance.install
  const waits =
    state === 'commanded' || state === 'removing' || (state === 'failed' && cause.code === 'silent')
  const isReplaced = told !== undefined && told.command !== null
  const isUnlicensedUpdate = before.update?.state === 'commanded' && !facts.licensed
  if ((waits || state === 'installed') && !isReplaced && !isUnlicensedUpdate) return []
  return [{ enrollmentId: before.enrollmentId, id: before.commandId }]
}

/** A title may be in two pools of a location: the one that it is to come from counts. */
function oneOfEach(looked: readonly Looked[]): readonly Looked[] {
  const byKey = new Map<string, Looked>()
  for (const each of looked) {
    const key = keyOf(each.facts)
    const isMeant = each.facts.licensed && each.advance.install.wanted === 'installed'
    if (!byKey.has(key) || isMeant) byKey.set(key, each)
  }
  return [...byKey.values()]
}

/** A device's own messages lock its enrollment first and its installations second; so does whoever delivers. */
async function lockEnrollments(tx: Tx, looks: readonly Look[]): Promise<void> {
  await sql`SELECT FROM enrollments WHERE device_id = ANY(${looks.map((look) => look.deviceId)}::int[])
    AND state = 'enrolled' ORDER BY id FOR UPDATE`.execute(tx)
}

const keyOf = ({ deviceId, adamId }: { readonly deviceId: number; readonly adamId: string }) =>
  `${deviceId} ${adamId}`

/** Nothing where there is nothing to begin, and where the title comes from another pool (C3). */
function decide(facts: DeliveryFacts, before: StoredInstall | null, now: Date): readonly Looked[] {
  const wish = facts.isBook ? bookWishOf(facts, takesBooks(facts)) : wishOf(facts)
  // A device that enrolled again starts clean: what it had went with its management.
  const known = before !== null && before.enrollmentId === facts.enrollmentId ? before : null
  const isOfOtherPool = known !== null && known.assetId !== facts.assetId
  if (isOfOtherPool && wish !== 'install') return []
  const canBeTold = !facts.awaitingConfiguration
  const present = known === null ? null : advanceByJoining(known.install, facts.joinedAt, now)
  const reports = !facts.isBook && (facts.reports || (known?.declared ?? null) !== null)
  const advance = advanceByWish(present, { wish, canBeTold, reports }, now)
  if (advance === null) return []
  const install = facts.hasLicense ? advance.install : advanceByRelease(advance.install, now)
  return [{ facts, before: known, advance: { ...advance, install } }]
}

/** What is due and not under management, or of a pool that is not asked any more, is not due any more. */
async function rest(tx: Tx, looks: readonly Look[], now: Date): Promise<void> {
  await sql`UPDATE installs i SET due_at = NULL
    FROM unnest(${looks.map((look) => look.assetId)}::int[], ${looks.map((look) => look.deviceId)}::int[])
      AS k(asset_id, device_id)
    WHERE i.device_id = k.device_id AND i.asset_id = k.asset_id AND i.due_at <= ${now}`.execute(tx)
}

function changeOf(
  { facts, before, advance }: Looked,
  told: Told | undefined,
  synchronizing: ReadonlyMap<number, string>,
): InstallChange {
  const declared = told?.stored.declared === undefined ? (before?.declared ?? null) : told.stored.declared
  const synchronized = declared === null ? undefined : synchronizing.get(facts.enrollmentId)
  const commandId = told?.command?.id ?? synchronized ?? before?.commandId ?? null
  return {
    before,
    after: {
      deviceId: facts.deviceId,
      adamId: facts.adamId,
      isBook: facts.isBook,
      locationId: facts.locationId,
      assetId: facts.assetId,
      enrollmentId: facts.enrollmentId,
      bundleId: before?.bundleId ?? facts.bundleId,
      commandId,
      declared,
      externalVersion: before?.externalVersion ?? null,
      settingsSent: before?.settingsSent ?? null,
      settingsProblem: before?.settingsProblem ?? null,
      update: before?.update ?? null,
      ...told?.stored,
      install: {
        ...(declared === null ? namedForRemoval(advance, told?.command ?? null) : advance.install),
        ...(told?.dueAt === undefined ? {} : { dueAt: told.dueAt }),
      },
    },
  }
}

/** Only what has a name can be removed; the device's own list tells it. */
function namedForRemoval({ act, install }: Advance, command: NewCommand | null): Install {
  if (act !== 'remove' || command !== null) return install
  return { ...install, state: 'failed', cause: { code: 'other', word: 'bundle identifier unknown' } }
}
