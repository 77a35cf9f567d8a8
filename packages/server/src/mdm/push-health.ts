/** How many push certificates are how well, for GET /health: counts alone. */
import { pushCertificateState } from '@apportion/core/devices/push-certificate-state'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import type { HealthDetails } from '../platform/http/health.ts'
import { listPushCertificates } from './push-store.ts'

/** Nothing while there is no certificate. One that was followed by another counts as long as devices need it. */
export async function pushCertificateCounts({
  db,
  clock,
}: {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
}): Promise<HealthDetails> {
  const now = clock.now()
  const all = await listPushCertificates(db)
  if (all.length === 0) return {}
  const counts = { good: 0, expiring: 0, expired: 0, refused: 0 }
  for (const [place, row] of all.entries()) {
    if (place > 0 && row.enrollments === 0) continue
    counts[pushCertificateState(row, now).state] += 1
  }
  return { pushCertificates: counts }
}
