import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconInfoCircleFilled,
  IconPointFilled,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './badge.module.css'

/** What a state means for the person who reads it; never told by color alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral'

const icons = {
  good: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  bad: IconCircleXFilled,
  info: IconInfoCircleFilled,
  neutral: IconPointFilled,
} as const satisfies Record<Tone, unknown>

/** A state in a word, with an icon of its tone. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <span className={`${styles.badge} ${styles[tone]}`}>
      <Icon size={13} aria-hidden="true" />
      <span className="truncate">{children}</span>
    </span>
  )
}
