/** What is known of titles on devices under management: what decides whether, and how, they are installed. */
import type { EnrolmentKind } from '@apportion/core/assignments/license-rule'
import type { UpdateHours } from '@apportion/core/installs/care'
import { sql } from 'kysely'
import { reportsAppsWhere } from '../mdm/status.ts'
import type { Tx } from '../platform/db/database.ts'
import { declarativeAppsKey } from './declarative-setting.ts'
import type { Look } from './store.ts'

/** A title of a pool on a device. */
export interface DeliveryFacts {
  readonly deviceId: number
  readonly assetId: number
  readonly locationId: number
  readonly adamId: string
  readonly isBook: boolean
  readonly bundleId: string | null
  readonly intent: 'required' | 'available' | 'available_or_uninstall' | 'uninstall' | null
  readonly asked: boolean
  readonly withheld: boolean
  readonly assignmentId: number | null
  /**
   * A license that Apple confirmed and that is not on its way back: the device's own, or its person's once that person has
   * joined, since only an account opens it.
   */
  readonly licensed: boolean
  /** Since when the device's person has joined at the location; null when nobody has. */
  readonly joinedAt: Date | null
  /** The one that is confirmed is the device's own. */
  readonly deviceLicense: boolean
  /** Some license of the pool concerns the device, in whatever state. */
  readonly hasLicense: boolean
  readonly enrollmentId: number
  readonly enrollmentKind: 'device' | 'user'
  readonly enrolment: EnrolmentKind
  readonly hasUser: boolean
  readonly awaitingConfiguration: boolean
  /** Apps come by declarations where the device can do that: it asks this server for them, and has not refused. */
  readonly declarative: boolean
  /** It was told to hold declarations. */
  readonly holdsDeclarations: boolean
  /** It tells by itself how its apps stand. */
  readonly reports: boolean
  readonly osVersion: string | null
  readonly platform: string | null
  /** The device shows one app only. */
  readonly kiosk: boolean
  /** What the content token says of updates, and in which hours of the device's day. */
  readonly updatesByToken: boolean
  readonly updateHours: UpdateHours | null
}

/**
 * The facts of these titles on those of these devices that are under management. What is meant stands at the device, of a
 * book at the person who has it.
 */
export async function readFacts(tx: Tx, looks: readonly Look[]): Promise<readonly DeliveryFacts[]> {
  const license = sql`SELECT l.state FROM licenses l WHERE l.location_id = a.location_id AND l.asset_id = a.id
    AND ((l.holder_kind = 'device' AND l.holder = d.serial_number)
      OR (l.holder_kind = 'user' AND l.holder = u.client_user_id::text))`
  const { rows } = await sql<DeliveryFacts>`
    SELECT d.id AS "deviceId", a.id AS "assetId", a.location_id AS "locationId", a.adam_id AS "adamId",
      a.product_type = 'Book' AS "isBook", CASE WHEN a.product_type <> 'Book' THEN s.bundle_id END AS "bundleId",
      coalesce(t.intent, p.intent) AS intent, coalesce(t.asked_at, p.asked_at) IS NOT NULL AS asked,
      coalesce(t.withheld_by, p.withheld_by) IS NOT NULL AS withheld,
      coalesce(t.assignment_id, p.assignment_id) AS "assignmentId",
      EXISTS (${license} AND l.state = 'held' AND (l.holder_kind = 'device' OR j.location_id IS NOT NULL)) AS licensed,
      EXISTS (${license}) AS "hasLicense", j.joined_at AS "joinedAt",
      EXISTS (${license} AND l.state = 'held' AND l.holder_kind = 'device') AS "deviceLicense",
      e.channel = 'mdm' AND e.declarations_refused_at IS NULL AND EXISTS (SELECT FROM settings WHERE key = ${declarativeAppsKey}
        AND value @> '{"enabled": true}') AS declarative,
      e.declarations_asked_at IS NOT NULL AS "holdsDeclarations",
      EXISTS (SELECT FROM device_statuses WHERE ${reportsAppsWhere(sql`e.id`)}) AS reports,
      e.id AS "enrollmentId", e.kind AS "enrollmentKind", e.awaiting_configuration AS "awaitingConfiguration",
      enrolment_kind(d.enrollment_type, d.kiosk, d.ownership, d.supervised) AS enrolment, u.id IS NOT NULL AS "hasUser",
      d.os_version AS "osVersion", d.platform, d.kiosk, l.automatic_updates AS "updatesByToken",
      CASE WHEN l.update_zone IS NOT NULL THEN
        jsonb_build_object('from', l.update_from, 'until', l.update_until,
          'zone', coalesce(e.time_zone, l.update_zone)) END AS "updateHours"
    FROM unnest(${looks.map((look) => look.assetId)}::int[], ${looks.map((look) => look.deviceId)}::int[])
      AS k(asset_id, device_id)
    JOIN assets a ON a.id = k.asset_id JOIN locations l ON l.id = a.location_id
    JOIN devices d ON d.id = k.device_id JOIN enrollments e ON e.device_id = d.id AND e.state = 'enrolled'
    LEFT JOIN users u ON u.id = d.user_id
    LEFT JOIN apple_users j ON j.location_id = a.location_id AND j.client_user_id = u.client_user_id::text
      AND j.status = 'Associated'
    LEFT JOIN titles s ON s.country = l.country AND s.adam_id = a.adam_id
    LEFT JOIN targets t ON t.location_id = a.location_id AND t.asset_id = a.id AND t.device_id = d.id
    LEFT JOIN targets p ON p.location_id = a.location_id AND p.asset_id = a.id AND p.user_id = d.user_id
      AND (t.license_type = 'user' OR a.product_type = 'Book')`.execute(tx)
  return rows
}
