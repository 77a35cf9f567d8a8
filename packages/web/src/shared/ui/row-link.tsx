import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import styles from './row-link.module.css'

function Plain(props: ComponentProps<'a'>) {
  return <a {...props} className={styles.link} data-row-link="" />
}

/** The link of a row: its text names where it leads, and the whole row can be pressed. */
export const RowLink = createLink(Plain)
