import { Button, Skeleton, Text } from '@mantine/core'
import { IconApps } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeviceDetail, DeviceInstall } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink, TextLink } from '../../../shared/ui/link.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { DeviceWords, useCauseText } from './cause.tsx'
import { InstallBadge } from './install-badge.tsx'
import { InstallHistory } from './install-history.tsx'
import styles from './installs.module.css'
import { useNextText } from './next.ts'
import { deviceInstallsQuery, hasEnded } from './queries.ts'
import { TryAgain } from './try-again.tsx'

/** D4: how the apps stand on a device, why, since when, and what comes next. */
export function DeviceInstalls({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation()
  const result = useQuery(deviceInstallsQuery(device.id))
  const [shown, show] = useState<DeviceInstall | null>(null)
  return (
    <Card title={t('installs.title')} flush>
      {result.isPending && <Skeleton height={220} />}
      {result.isError && <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />}
      {result.data?.length === 0 && (
        <Empty icon={<IconApps />} title={t('installs.none')}>
          {t('installs.none_hint')}
        </Empty>
      )}
      <ul className={styles.list} aria-label={t('installs.title')}>
        {result.data?.map((install) => (
          <InstallItem
            key={install.assetId}
            install={install}
            deviceId={device.id}
            onHistory={() => show(install)}
          />
        ))}
      </ul>
      {shown !== null && (
        <InstallHistory
          app={{ deviceId: device.id, assetId: shown.assetId }}
          title={t('installs.history_of', { app: shown.assetName, device: device.serialNumber })}
          onClose={() => show(null)}
        />
      )}
    </Card>
  )
}

interface InstallItemProps {
  readonly install: DeviceInstall
  readonly deviceId: number
  readonly onHistory: () => void
}

function InstallItem({ install, deviceId, onHistory }: InstallItemProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const causeText = useCauseText()
  const { assetId, assetName, tokenName, state, cause, attempts } = install
  const app = { deviceId, assetId }
  return (
    <li className={styles.item} data-install={state}>
      <div>
        <div className={styles.head}>
          <TextLink to="/apps/$id" params={{ id: assetId }} search={{ tab: 'devices' }} size="sm" fw={550}>
            {assetName}
          </TextLink>
          <Text size="xs" c="dimmed" span>
            {tokenName}
          </Text>
          <InstallBadge state={state} />
        </div>
        <Text size="sm" mt={4}>
          {causeText(cause)}
        </Text>
        <Moments install={install} />
        {attempts > 0 && (
          <Text size="xs" c="dimmed">
            {t('installs.attempts', { count: attempts, shown: number(attempts) })}
          </Text>
        )}
        <UpdateText install={install} />
        {cause !== null && <DeviceWords cause={cause} />}
      </div>
      <div className={styles.actions}>
        {hasEnded(state) && <TryAgain app={app} appName={assetName} />}
        {state !== 'waiting_for_license' && (
          <Button variant="default" size="xs" onClick={onHistory}>
            {t('installs.history')}
          </Button>
        )}
        <ButtonLink
          to="/devices/$id/why/$assetId"
          params={{ id: deviceId, assetId }}
          variant="default"
          size="xs"
          aria-label={t('installs.why_of', { app: assetName })}
        >
          {t('installs.why')}
        </ButtonLink>
      </div>
    </li>
  )
}

/** D5: a newer version, and settings that the device did not take. */
function UpdateText({ install: { update, settingsProblem } }: { readonly install: DeviceInstall }) {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  return (
    <>
      {update !== null && (
        <Text size="xs" c="dimmed" mt={2} data-update={update.state}>
          {t(`installs.update.${update.state}`, { at: dateTime(update.since) })}
        </Text>
      )}
      {settingsProblem !== null && (
        <Text size="xs" mt={2} data-settings-problem>
          {t('installs.settings_problem', {
            words: settingsProblem.map(({ code, text }) => `${code} ${text}`.trim()).join(', '),
          })}
        </Text>
      )}
    </>
  )
}

/** Since when, and what comes next by itself. */
function Moments({ install }: { readonly install: Pick<DeviceInstall, 'since' | 'state' | 'nextAt'> }) {
  const { t } = useTranslation()
  const { relative, dateTime } = useFormats()
  const next = useNextText()(install)
  return (
    <Text size="xs" c="dimmed" mt={2}>
      <span title={relative(install.since)}>{t('installs.since', { at: dateTime(install.since) })}</span>
      {next !== '' && (
        <>
          {' · '}
          <span title={install.nextAt === null ? undefined : dateTime(install.nextAt)}>{next}</span>
        </>
      )}
    </Text>
  )
}
