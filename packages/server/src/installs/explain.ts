/** Reads everything that stands between an app and a device, and says why it is, or is not, there (D8). */
import type { Cause, InstallState } from '@apportion/core/installs/install'
import { adviceSentence, whySentence } from '@apportion/core/installs/sentences'
import { type WhyFacts, whyNot } from '@apportion/core/installs/why'
import { sql } from 'kysely'
import type { z } from 'zod'
import { unknownDevice } from '../directory/remove-device.ts'
import type { Db } from '../platform/db/database.ts'
import { takesBooksOfUser, targetsForDevices } from './book-targets.ts'
import { adamIdOf, installsOfDevice } from './read-installs.ts'
import type { whyNotInstalled } from './schema.ts'

type Explained = z.output<(typeof whyNotInstalled.response)[200]>

interface WhyRow {
  readonly asset_name: string
  readonly device_name: string
  readonly serial_number: string
  readonly intent: NonNullable<WhyFacts['target']>['intent'] | null
  readonly entered_at: Date
  readonly asked_at: Date | null
  readonly withheld_at: Date | null
  readonly refused_number: number | null
  readonly refused_detail: string | null
  readonly refused_at: Date | null
  readonly group_name: string | null
  readonly place: number | null
  readonly license_state: 'granting' | 'held' | 'releasing' | null
  readonly license_since: Date
  readonly person_missing: boolean
  readonly is_unfit_for_book: boolean
  readonly store_matters: boolean
  readonly store_account_active: boolean | null
  readonly store_is_other: boolean
  readonly facts_asked_at: Date | null
  readonly request_state: NonNullable<WhyFacts['request']>['state'] | null
  readonly request_at: Date
  readonly enrolled_at: Date | null
  readonly awaiting_configuration: boolean
  readonly push_lost_at: Date | null
  readonly last_seen_at: Date | null
  readonly state: InstallState | null
  readonly cause: Cause
  readonly since: Date
  readonly command_state: NonNullable<WhyFacts['command']>['state'] | null
  readonly command_at: Date
}

/** @throws Refusal `device.unknown`, `asset.unknown` */
export async function explainInstall(
  db: Db,
  app: { readonly deviceId: number; readonly assetId: number },
): Promise<Explained> {
  await adamIdOf(db, app.assetId)
  const row = await readRow(db, app)
  if (row === undefined) throw unknownDevice(app.deviceId)
  const missing = row.intent === null ? await whyNotMeant(db, app, row.is_unfit_for_book) : null
  const { links, advice } = whyNot(factsOf(row, missing?.why ?? 'no_assignment'))
  const [install = null] = await installsOfDevice(db, app.deviceId, app.assetId)
  const refusal =
    row.refused_detail === null ? null : { number: row.refused_number, text: row.refused_detail }
  return {
    assetName: row.asset_name,
    deviceName: row.device_name,
    serialNumber: row.serial_number,
    links: links.map(({ at, ...link }) => ({
      ...link,
      text: whySentence(link.code),
      at: at?.toISOString() ?? null,
    })),
    advice: { code: advice, text: adviceSentence(advice) },
    groupName: row.group_name ?? missing?.group_name ?? null,
    place: row.place,
    refusal,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    install,
  }
}

/** The place of a target in the queue, as something to compare. */
const turnOf = (row: string) => {
  const [priority, entered, device, user] = ['priority', 'entered_at', 'device_id', 'user_id'].map((column) =>
    sql.ref(`${row}.${column}`),
  )
  return sql`(-${priority}, ${entered}, coalesce(${device}, 2147483647), coalesce(${user}, 2147483647))`
}

/** `w` is the target that takes the license: the device's own, or its person's. */
async function readRow(
  db: Db,
  { deviceId, assetId }: { readonly deviceId: number; readonly assetId: number },
): Promise<WhyRow | undefined> {
  const { rows } = await sql<WhyRow>`
    SELECT coalesce(s.name, a.adam_id) AS asset_name, d.name AS device_name, d.serial_number,
      t.intent, t.entered_at, coalesce(t.asked_at, w.asked_at) AS asked_at,
      coalesce(t.withheld_at, w.withheld_at) AS withheld_at,
      w.refused_number, w.refused_detail, CASE WHEN w.refused_detail IS NOT NULL THEN w.entered_at END AS refused_at,
      g.name AS group_name, CASE WHEN w.waits THEN 1 + (SELECT count(*)::int FROM targets q
        WHERE q.location_id = w.location_id AND q.asset_id = w.asset_id AND q.waits AND ${turnOf('q')} < ${turnOf('w')})
      END AS place,
      l.state AS license_state, l.since AS license_since,
      coalesce(t.license_type = 'user' AND j.location_id IS NULL, false) AS person_missing,
      a.product_type = 'Book' AND NOT coalesce(${takesBooksOfUser}, false) AS is_unfit_for_book,
      coalesce(t.license_type = 'user' AND e.kind = 'device', false) AS store_matters, e.store_account_active,
      coalesce(e.store_account_hash <> j.id_hash, false) AS store_is_other, e.facts_asked_at,
      r.state AS request_state, coalesce(r.sent_at, r.recorded_at) AS request_at,
      e.enrolled_at, e.awaiting_configuration, e.push_lost_at, coalesce(e.last_seen_at, d.last_seen_at) AS last_seen_at,
      i.state, i.cause, i.since, c.state AS command_state, coalesce(c.answered_at, c.sent_at, c.queued_at) AS command_at
    FROM devices d JOIN assets a ON a.id = ${assetId} JOIN locations o ON o.id = a.location_id
    LEFT JOIN users u ON u.id = d.user_id
    LEFT JOIN titles s ON s.country = o.country AND s.adam_id = a.adam_id
    LEFT JOIN apple_users j ON j.location_id = a.location_id AND j.client_user_id = u.client_user_id::text
      AND j.status = 'Associated'
    LEFT JOIN LATERAL (${targetsForDevices(sql`d.id = ${deviceId} AND t.location_id = a.location_id
      AND t.asset_id = a.id`)}) AS t ON true
    LEFT JOIN targets w ON w.location_id = a.location_id AND w.asset_id = a.id
      AND CASE WHEN t.license_type = 'user' THEN w.user_id = d.user_id ELSE w.device_id = d.id END
    LEFT JOIN assignments m ON m.id = t.assignment_id LEFT JOIN groups g ON g.id = m.group_id
    LEFT JOIN LATERAL (SELECT h.* FROM licenses h WHERE h.location_id = a.location_id AND h.asset_id = a.id
        AND ((h.holder_kind = 'device' AND h.holder = d.serial_number)
          OR (h.holder_kind = 'user' AND h.holder = u.client_user_id::text))
      ORDER BY h.state <> 'held', h.state <> 'granting' LIMIT 1) AS l ON true
    LEFT JOIN operations r ON r.id = l.operation_id
    LEFT JOIN enrollments e ON e.device_id = d.id AND e.state = 'enrolled'
    LEFT JOIN installs i ON i.device_id = d.id AND i.adam_id = a.adam_id
    LEFT JOIN commands c ON c.enrollment_id = i.enrollment_id AND c.id = i.command_id
    WHERE d.id = ${deviceId}`.execute(db)
  return rows[0]
}

function factsOf(row: WhyRow, missing: WhyFacts['missing']): WhyFacts {
  const { intent, license_state, request_state, enrolled_at, state, command_state } = row
  return {
    target:
      intent === null
        ? null
        : {
            intent,
            since: row.entered_at,
            askedAt: row.asked_at,
            withheldAt: row.withheld_at,
            refusedAt: row.refused_at,
          },
    missing,
    license: license_state === null ? null : { state: license_state, since: row.license_since },
    personIsMissing: row.person_missing,
    store: row.store_matters
      ? { isActive: row.store_account_active, isOther: row.store_is_other, askedAt: row.facts_asked_at }
      : null,
    request: request_state === null ? null : { state: request_state, at: row.request_at },
    enrollment:
      enrolled_at === null
        ? null
        : { enrolledAt: enrolled_at, inSetup: row.awaiting_configuration, pushLostAt: row.push_lost_at },
    install: state === null ? null : { state, cause: row.cause, since: row.since },
    command: command_state === null ? null : { state: command_state, at: row.command_at },
  }
}

interface Missing {
  readonly why: WhyFacts['missing']
  readonly group_name: string | null
}

/** Why an app is not meant for a device: an exclusion, a later wave, what it is, or simply nobody’s wish. */
async function whyNotMeant(
  db: Db,
  { deviceId, assetId }: { readonly deviceId: number; readonly assetId: number },
  isUnfitForBook: boolean,
): Promise<Missing | null> {
  const { rows } = await sql<Missing>`
    WITH reaching AS MATERIALIZED (
      SELECT m.*, g.name AS group_name, g.kind FROM assignments m JOIN groups g ON g.id = m.group_id
      WHERE m.asset_id = ${assetId}
        AND EXISTS (SELECT FROM group_reach r WHERE r.group_id = m.group_id AND r.device_id = ${deviceId})
    )
    SELECT CASE
        WHEN EXISTS (SELECT FROM reaching x WHERE x.mode = 'exclude' AND x.kind = i.kind) THEN 'is_excluded'
        WHEN i.rollout_percent < 100 AND rollout_place(${deviceId}::int, i.asset_id, i.group_id) >= i.rollout_percent * 100
          THEN 'later_wave'
        WHEN EXISTS (SELECT FROM devices d WHERE d.id = ${deviceId} AND d.management_ended_at IS NOT NULL)
          THEN 'is_not_managed'
        ELSE 'does_not_fit' END AS why,
      coalesce((SELECT x.group_name FROM reaching x WHERE x.mode = 'exclude' AND x.kind = i.kind LIMIT 1), i.group_name)
        AS group_name
    FROM reaching i WHERE i.mode = 'include' ORDER BY 1 DESC LIMIT 1`.execute(db)
  const [missing = null] = rows
  return missing !== null && isUnfitForBook ? { ...missing, why: 'does_not_fit' } : missing
}
