import { endedStates, type InstallState, installStates } from '@apportion/core/installs/install'
import { SimpleGrid, Skeleton, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AssetInstallCounts } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { InstallBadge } from './install-badge.tsx'
import styles from './installs.module.css'

interface InstallCountsProps {
  /** Undefined while they are read. */
  readonly counts: AssetInstallCounts | undefined
  readonly chosen: InstallState | undefined
  readonly onChoose: (state: InstallState | undefined) => void
}

const parts = [
  { key: 'installed', states: ['installed'] },
  { key: 'moving', states: ['licensed', 'commanded', 'prompting', 'installing', 'removing'] },
  { key: 'ended', states: endedStates },
  { key: 'away', states: ['removed', 'released'] },
] as const satisfies readonly { readonly key: string; readonly states: readonly InstallState[] }[]

/** How an app stands on all devices: as a bar, and as numbers that narrow the list to their state. */
export function InstallCounts({ counts, chosen, onChoose }: InstallCountsProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  if (counts === undefined) return <Skeleton height={128} />
  const { managedDevices, waitingForLicense } = counts
  const present = installStates.flatMap((state) => {
    const devices = counts.states.find((count) => count.state === state)?.devices ?? 0
    return devices > 0 || state === 'installed' || state === chosen ? [{ state, devices }] : []
  })
  return (
    <>
      <Text size="sm" mb={6} data-count="managed">
        {t('installs.managed', { count: managedDevices, shown: number(managedDevices) })}
      </Text>
      {managedDevices === 0 && present.every(({ devices }) => devices === 0) ? (
        <Text size="sm" c="dimmed">
          {t('installs.not_managed_hint')}
        </Text>
      ) : (
        <>
          <Bar counts={counts} />
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3, lg: 4 }} spacing="sm" mt="md">
            {present.map(({ state, devices }) => (
              <UnstyledButton
                key={state}
                className={styles.tile ?? ''}
                aria-pressed={chosen === state}
                data-state={state}
                onClick={() => onChoose(chosen === state ? undefined : state)}
              >
                <InstallBadge state={state} />
                <span className={`numbers ${styles.number}`}>{number(devices)}</span>
              </UnstyledButton>
            ))}
            {waitingForLicense > 0 && (
              <div className={styles.tile} data-state="waiting_for_license">
                <InstallBadge state="waiting_for_license" />
                <span className={`numbers ${styles.number}`}>{number(waitingForLicense)}</span>
              </div>
            )}
          </SimpleGrid>
        </>
      )}
    </>
  )
}

/** The whole is every device that it is on, on its way to, or waits for. */
function Bar({ counts: { states, waitingForLicense } }: { readonly counts: AssetInstallCounts }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const inStates = (wanted: readonly InstallState[]) =>
    states.filter(({ state }) => wanted.includes(state)).reduce((sum, { devices }) => sum + devices, 0)
  const counted = [
    ...parts.map(({ key, states: of }) => ({ key, devices: inStates(of) })),
    { key: 'waiting' as const, devices: waitingForLicense },
  ]
  const whole = Math.max(
    1,
    counted.reduce((sum, { devices }) => sum + devices, 0),
  )
  const shown = counted.filter(({ devices }) => devices > 0)
  const label = shown.map(({ key, devices }) => `${t(`installs.parts.${key}`)}: ${number(devices)}`)
  return (
    <div className={styles.bar} role="img" aria-label={label.join(', ') || t('installs.none_on_devices')}>
      {shown.map(({ key, devices }) => (
        <div
          key={key}
          className={`${styles.part} ${styles[key]}`}
          style={{ flexBasis: `calc(${(devices / whole) * 100}% - 1px)` }}
        />
      ))}
    </div>
  )
}
