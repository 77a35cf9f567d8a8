import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './fact.module.css'

/** A list of facts: what is known about one thing. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>
}

/** One fact; a dash when it is not known. */
export function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm" m={0}>
        {children ?? '–'}
      </Text>
    </div>
  )
}
