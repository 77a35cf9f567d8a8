/** Adds, renames and deletes groups (A1). */
import { record } from '../../audit/record.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Tx } from '../../platform/db/database.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { Refusal } from '../../platform/errors.ts'
import { changedFacts } from '../changed-facts.ts'
import type { DirectoryPorts } from '../put-device.ts'
import { takeDirectoryTurn } from '../turn.ts'
import {
  assetsUsing,
  type GroupRow,
  insertGroup,
  lockGroup,
  otherGroupNamed,
  removeGroup,
  writeGroup,
} from './group-store.ts'
import { countGroupsIn, groupsBeside } from './nesting-store.ts'
import { readRule } from './read-rule.ts'
import { refreshRuleGroup, storedRule } from './rule-members.ts'

/** @throws Refusal `group.name_taken`, `group.wrong_kind`, `group.rule_invalid` */
export async function createGroup(
  { db, clock }: DirectoryPorts,
  wanted: {
    readonly kind: 'device' | 'user'
    readonly name: string
    readonly description: string
    /** As it came; null or left out for members that are picked by hand. */
    readonly rule?: unknown
  },
  actor: Actor,
): Promise<GroupRow> {
  const name = wanted.name.normalize('NFC')
  const rule = wanted.rule == null ? null : readRule(wanted.rule)
  if (rule !== null && wanted.kind !== 'device') throw ruleOfUsers(name)
  return await inTransaction(db, async (tx) => {
    await takeDirectoryTurn(tx)
    const at = clock.now()
    const group = await insertGroup(tx, { ...wanted, name, rule }, at)
    if (group === undefined) throw await nameTaken(tx, name, 0)
    if (rule !== null) await refreshRuleGroup(tx, { id: group.id, rule }, at)
    const subject = { kind: 'group', id: group.id, name }
    const details = { kind: wanted.kind, description: wanted.description, ...(rule === null ? {} : { rule }) }
    await record(tx, { actor, at, action: 'group.created', subject, details })
    return group
  })
}

/** What of a group changes; undefined keeps what is known. */
export interface GroupChange {
  readonly id: number
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** As it came. Null keeps the members, picked by hand from then on. */
  readonly rule?: unknown
}

/**
 * A new rule replaces all members by those that it finds.
 *
 * @throws Refusal `not_found`, `group.built_in`, `group.name_taken`, `group.wrong_kind`, `group.rule_invalid`,
 * `group.by_rule`
 */
export async function updateGroup(
  { db, clock }: DirectoryPorts,
  { id, ...change }: GroupChange,
  actor: Actor,
): Promise<GroupRow> {
  const newRule = change.rule == null ? change.rule : readRule(change.rule)
  return await inTransaction(db, async (tx) => {
    await takeDirectoryTurn(tx)
    const at = clock.now()
    const group = await ownGroup(tx, id)
    const known = {
      name: group.name,
      description: group.description,
      rule: group.rule === null ? null : storedRule(id, group.rule),
    }
    const wanted = {
      name: change.name?.normalize('NFC') ?? known.name,
      description: change.description ?? known.description,
      rule: newRule === undefined ? known.rule : newRule,
    }
    const changed = changedFacts(known, wanted)
    if (changed === null) return group
    if ((await otherGroupNamed(tx, wanted.name, id)) !== undefined) throw await nameTaken(tx, wanted.name, id)
    const newlyRuled = 'rule' in changed ? wanted.rule : null
    if (newlyRuled !== null) await refuseRule(tx, group)
    const written = await writeGroup(tx, id, wanted, at)
    if (newlyRuled !== null) await refreshRuleGroup(tx, { id, rule: newlyRuled }, at)
    const subject = { kind: 'group', id, name: wanted.name }
    await record(tx, { actor, at, action: 'group.changed', subject, details: changed })
    return written ?? group
  })
}

/** Deletes a group that no assignment uses and that is in no other. @throws Refusal `not_found`, `group.built_in`, `group.in_use` */
export async function deleteGroup({ db, clock }: DirectoryPorts, id: number, actor: Actor): Promise<void> {
  await inTransaction(db, async (tx) => {
    await takeDirectoryTurn(tx)
    const group = await ownGroup(tx, id)
    await refuseInUse(tx, group)
    await removeGroup(tx, id)
    const subject = { kind: 'group', id, name: group.name }
    await record(tx, { actor, at: clock.now(), action: 'group.deleted', subject })
  })
}

function ruleOfUsers(name: string): Refusal {
  return new Refusal(
    'group.wrong_kind',
    `"${name}" is a group of users; only a group of devices can have its members by a rule.`,
  )
}

/** @throws Refusal `group.wrong_kind`, `group.by_rule` */
async function refuseRule(tx: Tx, group: GroupRow): Promise<void> {
  if (group.kind !== 'device') throw ruleOfUsers(group.name)
  const groups = await countGroupsIn(tx, group.id)
  if (groups === 0) return
  throw new Refusal(
    'group.by_rule',
    `"${group.name}" has ${groups === 1 ? 'a group' : `${groups} groups`} as members, which a group by rule cannot have. Take them out first, or put a new group by rule into "${group.name}".`,
    { id: group.id, groups },
  )
}

/** A group that people made, locked. @throws Refusal `not_found`, `group.built_in` */
export async function ownGroup(tx: Tx, id: number): Promise<GroupRow> {
  const group = await lockGroup(tx, id)
  if (group === undefined) throw unknownGroup(id)
  if (group.built_in === null) return group
  throw new Refusal(
    'group.built_in',
    `"${group.name}" is built in: it always has every ${group.kind} as a member and cannot be changed. Make a group of your own.`,
    { id },
  )
}

/** The refusal of a group that is not there. */
export function unknownGroup(id: number): Refusal {
  return new Refusal('not_found', `There is no group with the id ${id}. It may have been deleted.`, { id })
}

async function nameTaken(tx: Tx, name: string, id: number): Promise<Refusal> {
  const other = await otherGroupNamed(tx, name, id)
  return new Refusal(
    'group.name_taken',
    `There is a group "${other?.name ?? name}" already; choose another name. Upper and lower case count as the same.`,
    { name, ...(other === undefined ? {} : { groupId: other.id }) },
  )
}

const mostNamed = 20

async function refuseInUse(tx: Tx, group: GroupRow): Promise<void> {
  const containers = (await groupsBeside(tx, [group.id], 'containers')).get(group.id) ?? []
  if (containers.length > 0) {
    const listed = containers.slice(0, mostNamed).map(({ name }) => `"${name}"`)
    const others = containers.length > listed.length ? ' and others' : ''
    throw new Refusal(
      'group.in_use',
      `"${group.name}" is in ${listed.join(', ')}${others}. Take it out first.`,
      { id: group.id, groups: containers.slice(0, mostNamed).map(({ name }) => name) },
    )
  }
  const { total, names } = await assetsUsing(tx, group.id, mostNamed)
  if (total === 0) return
  const more = total > names.length ? ` and ${total - names.length} more` : ''
  throw new Refusal(
    'group.in_use',
    `"${group.name}" is assigned to ${names.join(', ')}${more}. Remove these assignments first.`,
    { id: group.id, assets: names, total },
  )
}
