/**
 * How a push certificate stands: without a good one no device is woken, and nothing that an administrator wishes reaches
 * any. Apple issues them for a year; renewing takes the same Apple Account, and some days where people are away.
 */

/** What is known of one. */
export interface PushCertificateFacts {
  readonly notAfter: Date
  /** When Apple refused it; null when it did not since it was uploaded. */
  readonly refusedAt: Date | null
}

export interface PushCertificateState {
  readonly state: 'good' | 'expiring' | 'expired' | 'refused'
  /** Whole days until it ends, rounded up; 0 and less once it has. */
  readonly daysLeft: number
  /** How much it hurts; null while there is nothing to do. */
  readonly severity: 'notice' | 'warning' | 'critical' | null
}

/** Days before the end at which the warning begins and grows: noticed, warned, and critical to the last day. */
export const PUSH_WARNING_DAYS = [30, 14, 7, 1] as const

const day = 86_400_000

/** The state at a moment; pure. */
export function pushCertificateState(
  { notAfter, refusedAt }: PushCertificateFacts,
  now: Date,
): PushCertificateState {
  const left = notAfter.getTime() - now.getTime()
  const daysLeft = Math.ceil(left / day)
  if (left <= 0) return { state: 'expired', daysLeft, severity: 'critical' }
  if (refusedAt !== null) return { state: 'refused', daysLeft, severity: 'critical' }
  const [noticed, warned, critical] = PUSH_WARNING_DAYS
  if (daysLeft > noticed) return { state: 'good', daysLeft, severity: null }
  const severity = daysLeft > warned ? 'notice' : daysLeft > critical ? 'warning' : 'critical'
  return { state: 'expiring', daysLeft, severity }
}
