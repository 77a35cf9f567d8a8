import { Paper, SimpleGrid, Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import styles from './license-tiles.module.css'

const tiles = ['total', 'used', 'available', 'waiting', 'heldOutside'] as const

/** L1: the licenses of all locations as five numbers. */
export function LicenseTiles({ overview }: { readonly overview: Overview | undefined }) {
  const { t } = useTranslation()
  const { number, percent } = useFormats()
  const licenses = overview?.licenses
  const hint = (tile: (typeof tiles)[number]): string => {
    if (licenses === undefined) return ''
    const { total, used, granting, releasing } = licenses
    if (tile === 'used' && granting + releasing > 0) {
      return t('overview.tiles.moving', { granting: number(granting), releasing: number(releasing) })
    }
    if (tile === 'used' && total > 0) return t('overview.tiles.share', { share: percent(used / total) })
    return t(`overview.tiles.hints.${tile}`)
  }
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: 5 }}
      spacing="md"
      component="section"
      aria-label={t('overview.tiles.label')}
    >
      {tiles.map((tile) => (
        <Paper key={tile} p="md" className={styles.tile ?? ''}>
          <Text size="sm" c="dimmed">
            {t(`overview.tiles.${tile}`)}
          </Text>
          <div
            className={`numbers ${styles.number} ${tile === 'waiting' && (licenses?.waiting ?? 0) > 0 ? styles.waiting : ''}`}
          >
            {licenses === undefined ? <Skeleton width="55%" height={24} mt={8} /> : number(licenses[tile])}
          </div>
          <Text size="xs" c="dimmed" className={styles.hint ?? ''}>
            {hint(tile)}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  )
}
