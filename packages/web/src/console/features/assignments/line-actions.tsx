import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconArrowBackUp, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './assignments.module.css'
import type { DraftLine } from './draft.ts'

interface LineActionsProps {
  readonly line: DraftLine
  readonly onMore: () => void
  readonly onRemove: () => void
  readonly onRestore: () => void
}

/** More terms of a group, and taking it out of the draft or back into it. */
export function LineActions({ line, onMore, onRemove, onRestore }: LineActionsProps) {
  const { t } = useTranslation()
  const { group, wanted } = line
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end" className={styles.actions ?? ''}>
      {wanted !== null && wanted.wish !== 'exclude' && (
        <Action label={t('assignments.more_of', { group: group.name })} onClick={onMore}>
          <IconAdjustmentsHorizontal size={18} aria-hidden="true" />
        </Action>
      )}
      {wanted === null ? (
        <Action label={t('assignments.keep', { group: group.name })} onClick={onRestore}>
          <IconArrowBackUp size={18} aria-hidden="true" />
        </Action>
      ) : (
        <Action label={t('assignments.remove', { group: group.name })} onClick={onRemove}>
          <IconTrash size={18} aria-hidden="true" />
        </Action>
      )}
    </Group>
  )
}

interface ActionProps {
  readonly label: string
  readonly onClick: () => void
  readonly children: ReactNode
}

function Action({ label, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
