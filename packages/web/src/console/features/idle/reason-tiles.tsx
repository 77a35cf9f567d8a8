import { idleReasons } from '@apportion/core/licenses/idle'
import { SimpleGrid, Skeleton, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { IdleReason, IdleSummary } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import styles from './idle.module.css'

interface ReasonTilesProps {
  readonly summary: IdleSummary | undefined
  readonly chosen: IdleReason | undefined
  readonly onChoose: (reason: IdleReason | undefined) => void
}

/** L11: why licenses are idle, as numbers; pressing one narrows the list to it, pressing it again shows all. */
export function ReasonTiles({ summary, chosen, onChoose }: ReasonTilesProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: 6 }}
      spacing="md"
      component="section"
      aria-label={t('idle.tiles')}
    >
      {idleReasons.map((reason) => {
        const count = summary?.reasons.find((each) => each.reason === reason)
        return (
          <UnstyledButton
            key={reason}
            className={styles.tile ?? ''}
            aria-pressed={chosen === reason}
            data-reason={reason}
            title={t(`idle.hints.${reason}`, { days: number(summary?.unseenDays ?? 0) })}
            onClick={() => onChoose(chosen === reason ? undefined : reason)}
          >
            <Text size="sm" c="dimmed" component="span" className={styles.label ?? ''}>
              {t(`idle.reasons.${reason}`)}
            </Text>
            <span className={`numbers ${styles.number}`}>
              {count === undefined ? (
                <Skeleton component="span" display="block" width="55%" height={24} mt={8} />
              ) : (
                number(count.licenses)
              )}
            </span>
            <Text size="xs" c="dimmed" component="span" className={styles.hint ?? ''}>
              {count !== undefined &&
                count.licenses > 0 &&
                t('idle.can_come_back', { count: count.canComeBack, shown: number(count.canComeBack) })}
            </Text>
          </UnstyledButton>
        )
      })}
    </SimpleGrid>
  )
}
