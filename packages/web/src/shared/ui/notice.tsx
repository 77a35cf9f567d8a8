import { Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Tone } from './badge.tsx'
import styles from './notice.module.css'

const icons = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  info: IconInfoCircle,
} as const

interface NoticeProps {
  readonly tone: Exclude<Tone, 'neutral'>
  readonly title?: string
  /** `alert` interrupts a screen reader, `status` waits its turn; left out, nothing is announced. */
  readonly role?: 'alert' | 'status'
  readonly children?: ReactNode
}

/** A message that stands in the page where it matters. */
export function Notice({ tone, title, role, children }: NoticeProps) {
  const Icon = icons[tone]
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <Icon size={20} stroke={1.8} aria-hidden="true" className={styles.icon} />
      <div className={styles.words}>
        {title !== undefined && <div className={styles.title}>{title}</div>}
        <Text size="sm" component="div">
          {children}
        </Text>
      </div>
    </div>
  )
}
