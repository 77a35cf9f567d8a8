/** Rules of groups at the edge: what came in becomes a rule, and which devices a rule finds. */
import { type GroupRule, parseGroupRule } from '@apportion/core/directory/group-rule'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import { Refusal } from '../../platform/errors.ts'
import { deviceSections } from '../device-store.ts'
import { type SectionCursor, sectionPage } from '../keyset.ts'
import { presentDevice } from '../present.ts'
import { everyRuleFacts, ruleHolds } from './rule-sql.ts'

/** @throws Refusal `group.rule_invalid`, which names the place and the value */
export function readRule(given: unknown): GroupRule {
  const reading = parseGroupRule(given)
  if (reading.kind === 'rule') return reading.rule
  throw new Refusal('group.rule_invalid', reading.message, { place: reading.place })
}

/** How many devices a rule finds now, and some of them by serial number. Nothing is saved. */
export async function previewRule(
  db: Db,
  {
    rule,
    search,
    ...page
  }: {
    readonly rule: GroupRule
    readonly search: string
    readonly limit: number
    readonly after: SectionCursor | null
  },
) {
  const found = sql`SELECT f.id FROM (${everyRuleFacts()}) AS f WHERE ${ruleHolds(rule)}`
  const sections = deviceSections(db, { search, group: undefined, among: found })
  const [counted, { rows, nextCursor }] = await Promise.all([
    sql<{ n: number }>`SELECT count(*)::int AS n FROM (${found}) AS found`.execute(db),
    sectionPage(sections, page),
  ])
  return { total: counted.rows[0]?.n ?? 0, items: rows.map(presentDevice), nextCursor }
}
