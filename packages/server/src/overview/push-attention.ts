/** Push certificates that end soon or that Apple refused (D1), for the overview. */
import { pushCertificateState } from '@apportion/core/devices/push-certificate-state'
import type { z } from 'zod'
import { listPushCertificates, type PushCertificateRow } from '../mdm/push-store.ts'
import type { Db } from '../platform/db/database.ts'
import type { overview } from './schema.ts'

type Attention = z.output<typeof overview>['attention'][number]

const sentences = {
  expiring: (row: PushCertificateRow) =>
    `The push certificate ends on ${dayOf(row.notAfter)}. Renew it at Apple, with the same Apple Account.`,
  expired: (row: PushCertificateRow) =>
    `The push certificate ended on ${dayOf(row.notAfter)}: no device is woken. Renew it at Apple, with the same Apple Account.`,
  refused: () => 'Apple refuses the push certificate: no device is woken. Renew it at Apple.',
}

const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** One line for each that needs somebody; one that was followed by another only while devices need it. */
export async function pushAttention(db: Db, now: Date): Promise<readonly Attention[]> {
  const all = await listPushCertificates(db)
  return all.flatMap((row, place) => {
    const { state, severity, daysLeft } = pushCertificateState(row, now)
    const isNeeded = place === 0 || row.enrollments > 0
    if (severity === null || state === 'good' || !isNeeded) return []
    return [
      {
        severity,
        code: `push_certificate_${state}` as const,
        text: sentences[state](row),
        tokenId: null,
        assetId: null,
        count: daysLeft,
        name: row.topic,
        at: row.notAfter.toISOString(),
      },
    ]
  })
}
