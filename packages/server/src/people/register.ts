/**
 * Makes people known to Apple before they are given user licenses (U1): who wants a license at a location and is not
 * known there is registered, in requests of up to Apple's limit.
 *
 *     record → send → hear (notifications) or look → known, so that `pack` may give
 */
import { sql } from 'kysely'
import type { SyncPorts } from '../licenses/sync/sync.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { lookAtRegistrations } from './look-at-registrations.ts'
import { recordRegistrations } from './record-registrations.ts'
import { readBackAbandoned, sendRegistrations } from './send-registrations.ts'

/** The step that registers. Nothing is sent for a location that is not ours, whose token is no good, or that is left. */
export function registerStep(ports: SyncPorts): LocationStep {
  return {
    name: 'register',
    alone: true,
    due: (now) => sql`SELECT l.id AS location_id FROM locations l
      WHERE l.managed_by IS NULL AND l.token_state = 'valid' AND l.token_expires_at > ${now} AND l.leaving_since IS NULL
        AND (EXISTS (SELECT 1 FROM registrations r WHERE r.location_id = l.id AND r.operation_id IS NULL
            AND r.due_at <= ${now})
          OR EXISTS (SELECT 1 FROM user_operations o WHERE o.location_id = l.id AND o.finished_at IS NULL
            AND (o.state = 'sending' OR (o.state = 'recorded'
              AND (o.next_look_at IS NULL OR o.next_look_at <= ${now})))))`,
    run: (turn) => register(ports, turn),
  }
}

async function register(ports: SyncPorts, turn: LocationTurn): Promise<void> {
  const connection = await ports.apple.connect(turn.lease.locationId, 'write', turn.signal)
  const { maxUsers } = await connection.limits()
  await readBackAbandoned(ports, turn)
  await recordRegistrations(ports, turn, maxUsers)
  await sendRegistrations(ports, turn, connection)
}

/** The step that asks for the outcome of registrations of which nothing was heard. */
export function lookAtRegistrationsStep(ports: SyncPorts): LocationStep {
  return {
    name: 'look at registrations',
    alone: true,
    due: (now) => sql`SELECT o.location_id FROM user_operations o JOIN locations l ON l.id = o.location_id
      WHERE o.finished_at IS NULL AND o.state IN ('sent', 'unknown') AND o.next_look_at <= ${now}
        AND l.token_state = 'valid' AND l.token_expires_at > ${now}`,
    run: (turn) => lookAtRegistrations(ports, turn),
  }
}
