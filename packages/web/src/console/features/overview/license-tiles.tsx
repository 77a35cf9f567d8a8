import { Paper, SimpleGrid, Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { TextLink } from '../../../shared/ui/link.tsx'
import styles from './license-tiles.module.css'

const tiles = ['total', 'used', 'available', 'waiting', 'heldOutside'] as const

/** L1, L10: the licenses of all locations as five numbers, and how many apps run out soon. */
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
      cols={{ base: 2, sm: 3, lg: 6 }}
      spacing="md"
      component="section"
      aria-label={t('overview.tiles.label')}
    >
      {tiles.map((tile) => (
        <Tile
          key={tile}
          label={t(`overview.tiles.${tile}`)}
          value={licenses?.[tile]}
          hint={hint(tile)}
          isWarning={tile === 'waiting'}
        />
      ))}
      <RunningOut runningOut={overview?.runningOut} />
    </SimpleGrid>
  )
}

/** The hint leads to the apps that are counted. */
function RunningOut({ runningOut }: { readonly runningOut: Overview['runningOut'] | undefined }) {
  const { t } = useTranslation()
  const hint = runningOut !== undefined && (
    <TextLink to="/forecast" search={{ within: 30 }} size="xs">
      {t('overview.tiles.hints.runningOut', { count: runningOut.assets, within: runningOut.within })}
    </TextLink>
  )
  return <Tile label={t('overview.tiles.runningOut')} value={runningOut?.assets} hint={hint} isWarning />
}

interface TileProps {
  readonly label: string
  /** Undefined while it is read. */
  readonly value: number | undefined
  readonly hint: ReactNode
  /** Whether more than none is something to look at. */
  readonly isWarning: boolean
}

function Tile({ label, value, hint, isWarning }: TileProps) {
  const { number } = useFormats()
  return (
    <Paper p="md" className={styles.tile ?? ''}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div className={`numbers ${styles.number} ${isWarning && (value ?? 0) > 0 ? styles.waiting : ''}`}>
        {value === undefined ? <Skeleton width="55%" height={24} mt={8} /> : number(value)}
      </div>
      <Text size="xs" c="dimmed" component="div" className={styles.hint ?? ''}>
        {hint}
      </Text>
    </Paper>
  )
}
