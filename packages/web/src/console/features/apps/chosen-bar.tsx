import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUsersPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { AssignMany } from '../assignments/assign-many.tsx'
import { mostAssets } from '../assignments/queries.ts'
import styles from './apps.module.css'
import type { Choice } from './choice.tsx'

/** What can be done with the apps and books that were chosen; nothing while none are. */
export function ChosenBar({ choice }: { readonly choice: Choice<Asset> }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [assigning, assign] = useDisclosure(false)
  const { rows } = choice
  if (rows.length === 0) return null
  const isTooMany = rows.length > mostAssets
  return (
    <Group className={styles.chosen ?? ''} justify="space-between" gap="sm">
      <Text size="sm" fw={550} role="status">
        {t('assignments.many.chosen', { count: rows.length, shown: number(rows.length) })}
        {isTooMany && ` ${t('assignments.many.most', { shown: number(mostAssets) })}`}
      </Text>
      <Group gap="sm">
        <Button variant="default" onClick={choice.clear}>
          {t('assignments.many.clear')}
        </Button>
        <Button
          disabled={isTooMany}
          leftSection={<IconUsersPlus size={16} aria-hidden="true" />}
          onClick={assign.open}
        >
          {t('assignments.many.assign')}
        </Button>
      </Group>
      {assigning && (
        <AssignMany
          assets={rows.map(({ id, title, deviceAssignable }) => ({
            id,
            name: title.name,
            title,
            deviceAssignable,
          }))}
          onSaved={() => {
            assign.close()
            choice.clear()
          }}
          onClose={assign.close}
        />
      )}
    </Group>
  )
}
