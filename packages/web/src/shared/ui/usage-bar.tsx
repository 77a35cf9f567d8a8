import styles from './usage-bar.module.css'

/** How the licenses of something divide; each a count of licenses. */
export interface Usage {
  /** Null when unlimited. */
  readonly total: number | null
  readonly used: number
  readonly granting?: number
  readonly heldOutside?: number
  readonly retired?: number
  readonly waiting?: number
}

/**
 * Licenses as one bar: given by us, on their way, held outside, retired, and what is left. The
 * numbers stand beside it as text, so `label` only names it for those who do not see it.
 */
export function UsageBar({ usage, label }: { readonly usage: Usage; readonly label: string }) {
  const { total, used, granting = 0, heldOutside = 0, retired = 0, waiting = 0 } = usage
  const whole = Math.max(total ?? 0, used + retired, 1)
  const full = total !== null && used + retired >= total && waiting > 0
  const parts = [
    { key: 'ours', count: used - granting - heldOutside },
    { key: 'granting', count: granting },
    { key: 'outside', count: heldOutside },
    { key: 'retired', count: retired },
  ].filter(({ count }) => count > 0)
  return (
    <div className={`${styles.bar} ${full ? styles.full : ''}`} role="img" aria-label={label}>
      {total !== null &&
        parts.map(({ key, count }) => (
          <div
            key={key}
            className={`${styles.part} ${styles[key]}`}
            style={{ flex: `0 1 ${(count / whole) * 100}%` }}
          />
        ))}
    </div>
  )
}
