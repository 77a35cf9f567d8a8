import { Group, Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './card.module.css'

interface CardProps {
  readonly title?: string
  readonly actions?: ReactNode
  /** Without padding, for lists that reach the edges. */
  readonly flush?: boolean
  readonly children: ReactNode
}

/** A part of a page with a heading of its own. */
export function Card({ title, actions, flush = false, children }: CardProps) {
  return (
    <Paper
      component="section"
      className={styles.card ?? ''}
      {...(title === undefined ? {} : { 'aria-label': title })}
    >
      {title !== undefined && (
        <Group justify="space-between" className={styles.head ?? ''} gap="sm">
          <Title order={2}>{title}</Title>
          {actions}
        </Group>
      )}
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </Paper>
  )
}
