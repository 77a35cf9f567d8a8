/** How far people are at the locations: read for one person, and as a condition for lists of people. */
import { INVITATION_RESULTS } from '@apportion/apple-wire/mdm-program'
import {
  explainProblem,
  type JoinStateName,
  joinStateOf,
  joinStates,
} from '@apportion/core/people/join-state'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../platform/db/database.ts'
import type * as contract from './schema.ts'

type DeviceInvitation = NonNullable<z.output<typeof contract.join>['deviceInvitation']>

/** The last invitation by a device; all null where none asked. */
interface InvitationRow {
  readonly device_id: number | null
  readonly device_name: string | null
  readonly asked_at: Date | null
  readonly answered_at: Date | null
  readonly result: string | null
  readonly errors: DeviceInvitation['errors'] | null
  readonly invitation_state: DeviceInvitation['state']
}

interface JoinRow extends InvitationRow {
  readonly location_id: number
  readonly location_name: string
  readonly status: string | null
  readonly invited: boolean
  readonly email: string | null
  readonly registered_at: Date | null
  readonly was_registered: boolean
  readonly under_way: boolean
  readonly due_at: Date | null
  readonly problem_number: number | null
  readonly problem_detail: string | null
  readonly problem_at: Date | null
  readonly final: boolean
  readonly licenses: number
}

/** The facts of `joinStateOf` as columns, of what Apple knows `k` and the registration `r`. */
const underWay = sql`(r.location_id IS NOT NULL AND (r.operation_id IS NOT NULL OR (r.due_at IS NOT NULL AND NOT r.final)))`
const refused = sql`(r.problem_at IS NOT NULL)`
const wasRegistered = sql`(r.registered_at IS NOT NULL OR k.location_id IS NOT NULL)`

/** What became of the last invitation `v` by the device `d` and the command `c`. */
const deviceInvitation = sql`d.id AS device_id, d.name AS device_name, v.asked_at, v.answered_at, v.result, v.errors,
  CASE WHEN v.answered_at IS NULL THEN CASE WHEN c.state IN ('queued', 'sent', 'not_now') THEN 'waiting' ELSE 'withdrawn' END
    WHEN v.result = ${INVITATION_RESULTS[0]} AND v.errors = '[]' THEN 'shown' ELSE 'refused' END AS invitation_state`

/** The locations at which something is known of a person, by name. */
export async function joinsOf(db: Db, userId: number): Promise<readonly z.output<typeof contract.join>[]> {
  const { rows } = await sql<JoinRow>`
    SELECT l.id AS location_id, l.name AS location_name, k.status, k.invitation_sealed IS NOT NULL AS invited, k.email,
      ${deviceInvitation},
      coalesce(k.registered_at, r.registered_at) AS registered_at, ${wasRegistered} AS was_registered,
      ${underWay} AS under_way, CASE WHEN r.due_at > '-infinity' THEN r.due_at END AS due_at, r.problem_number,
      r.problem_detail, r.problem_at, coalesce(r.final, false) AS final,
      (SELECT count(*)::int FROM licenses h WHERE h.holder = u.client_user_id::text AND h.holder_kind = 'user'
        AND h.location_id = l.id) AS licenses
    FROM users u CROSS JOIN locations l
    LEFT JOIN apple_users k ON k.location_id = l.id AND k.client_user_id = u.client_user_id::text
    LEFT JOIN registrations r ON r.location_id = l.id AND r.user_id = u.id
    LEFT JOIN device_invitations v ON v.location_id = l.id AND v.user_id = u.id AND v.asked_at IS NOT NULL
    LEFT JOIN commands c ON c.enrollment_id = v.enrollment_id AND c.id = v.command_id
    LEFT JOIN enrollments e ON e.id = v.enrollment_id LEFT JOIN devices d ON d.id = e.device_id
    WHERE u.id = ${userId} AND (k.location_id IS NOT NULL OR r.location_id IS NOT NULL)
    ORDER BY l.name, l.id`.execute(db)
  return rows.map(presentJoin)
}

function presentJoin(row: JoinRow): z.output<typeof contract.join> {
  const { status, under_way, was_registered, problem_at, problem_detail, problem_number: number } = row
  const state = joinStateOf({
    status,
    underWay: under_way,
    refused: problem_at !== null,
    wasRegistered: was_registered,
  })
  const isRefused = state === 'refused' && problem_at !== null
  const { problem: code, ...text } = explainProblem(number, problem_detail ?? '')
  return {
    token: { id: row.location_id, name: row.location_name },
    state,
    invited: row.invited,
    deviceInvitation: presentInvitation(row),
    registeredAt: row.registered_at?.toISOString() ?? null,
    email: row.email,
    licenses: row.licenses,
    problem: isRefused
      ? {
          code,
          ...text,
          errorNumber: number,
          at: problem_at.toISOString(),
          again: row.final ? null : (row.due_at?.toISOString() ?? null),
        }
      : null,
  }
}

function presentInvitation(row: InvitationRow): DeviceInvitation | null {
  if (row.asked_at === null) return null
  return {
    deviceId: row.device_id,
    deviceName: row.device_name,
    askedAt: row.asked_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
    state: row.invitation_state,
    result: row.result,
    errors: row.errors ?? [],
  }
}

/**
 * Narrows users `u` to those who are in this state at some location, or at this one. `not_registered` are those of whom
 * Apple knows nothing and for whom nothing is asked at any of them; that a registration was once noted counts for nothing.
 */
export function isInState(state: JoinStateName, locationId: number | null): RawBuilder<unknown> {
  const at = (row: string) =>
    locationId === null ? sql`true` : sql`${sql.ref(`${row}.location_id`)} = ${locationId}`
  const facts = joinStates().filter((row) => row.state === state)
  if (state === 'not_registered') {
    const none = facts.map((row) => sql`(${row.underWay}, ${row.refused}, ${row.wasRegistered})`)
    return sql`NOT EXISTS (SELECT 1 FROM registrations r WHERE r.user_id = u.id AND ${at('r')}
        AND (${underWay}, ${refused}, r.registered_at IS NOT NULL) NOT IN (${sql.join(none)}))
      AND NOT EXISTS (SELECT 1 FROM apple_users k WHERE k.client_user_id = u.client_user_id::text AND ${at('k')})`
  }
  const rows = facts.map(
    (row) => sql`(${row.status ?? ''}, ${row.underWay}, ${row.refused}, ${row.wasRegistered})`,
  )
  return sql`u.id IN (SELECT f.user_id FROM (${joinFacts}) AS f WHERE ${at('f')}
    AND (f.status, f.under_way, f.refused, f.was_registered) IN (${sql.join(rows)}))`
}

/** Every person at every location where something is known. Words of Apple's that are newer than this count as invited. */
const joinFacts = sql`
  SELECT coalesce(k.location_id, r.location_id) AS location_id, coalesce(p.id, r.user_id) AS user_id,
    CASE WHEN k.status IS NULL THEN '' WHEN k.status = 'Associated' THEN k.status ELSE 'Registered' END AS status,
    ${underWay} AS under_way, ${refused} AS refused, ${wasRegistered} AS was_registered
  FROM (apple_users k JOIN users p ON p.client_user_id::text = k.client_user_id)
  FULL JOIN registrations r ON r.location_id = k.location_id AND r.user_id = p.id`
