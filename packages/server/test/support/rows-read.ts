import type { Db } from '@apportion/server/platform/db/database'
import { type RawBuilder, sql } from 'kysely'

/** A node of PostgreSQL's plan as it was carried out. */
interface PlanNode {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** Rows that are read from tables to answer a query, those that a filter removed among them; the query is carried out. */
export async function rowsRead(db: Db, query: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>`
    EXPLAIN (ANALYZE, FORMAT JSON) ${query}`.execute(db)
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
  if (plan === undefined) throw new Error('No plan')
  return rowsOf(plan)
}

function rowsOf(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, each) => sum + rowsOf(each), 0)
  if (node['Relation Name'] === undefined) return below
  return below + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
}
