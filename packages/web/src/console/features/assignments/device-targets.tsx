import { Group, Skeleton, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconTargetOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DeviceDetail, DeviceTarget } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { WhyLink } from '../installs/why-link.tsx'
import { AskButton } from './ask-button.tsx'
import { SettingConflicts } from './setting-conflicts.tsx'
import { deviceTargetsQuery } from './targets-queries.ts'

const tones: Readonly<Record<DeviceTarget['intent'] | 'excluded', Tone>> = {
  required: 'good',
  available: 'info',
  uninstall: 'warn',
  available_or_uninstall: 'warn',
  excluded: 'neutral',
}

/** A2: what is meant for a device and by which rule, what is excluded, and asking for what is offered. */
export function DeviceTargets({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation()
  const result = useQuery(deviceTargetsQuery(device.id))
  return (
    <Card title={t('targets.title')} flush>
      {result.isPending && <Skeleton height={160} />}
      {result.isError && <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />}
      {result.data?.targets.length === 0 && result.data.excluded.length === 0 && (
        <Empty icon={<IconTargetOff />} title={t('targets.none')}>
          {t('targets.none_hint')}
        </Empty>
      )}
      {result.data !== undefined && result.data.targets.length + result.data.excluded.length > 0 && (
        <Table verticalSpacing="sm" horizontalSpacing="lg" aria-label={t('targets.title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('apps.columns.name')}</Table.Th>
              <Table.Th scope="col">{t('targets.columns.meant')}</Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                {t('targets.columns.by')}
              </Table.Th>
              <Table.Th scope="col">
                <VisuallyHidden>{t('assignments.columns.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.data.targets.map((target) => (
              <TargetRow key={target.assetId} target={target} device={device} />
            ))}
            {result.data.excluded.map(({ assetId, assetName, tokenName, assignmentId, groupName }) => (
              <Table.Tr key={assignmentId} data-target="excluded">
                <Table.Td>
                  <App assetId={assetId} name={assetName} tokenName={tokenName} />
                </Table.Td>
                <Table.Td>
                  <Badge tone={tones.excluded}>{t('assignments.wishes.exclude')}</Badge>
                </Table.Td>
                <Table.Td visibleFrom="sm">{t('targets.excluded_by', { group: groupName })}</Table.Td>
                <Table.Td ta="end">
                  <WhyLink assetId={assetId} assetName={assetName} deviceId={device.id} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  )
}

interface TargetRowProps {
  readonly target: DeviceTarget
  readonly device: DeviceDetail
}

function TargetRow({ target, device }: TargetRowProps) {
  const { t } = useTranslation()
  const { number, dateTime } = useFormats()
  const { assetId, assetName, tokenName, intent, offered, licenseType, groupName, priority, askedAt } = target
  const by = [
    groupName === null ? t('holders.why.assignment_gone') : t('targets.by', { group: groupName }),
    t(`assignments.licenses.${licenseType}`),
    ...(priority > 0 ? [t('targets.priority', { priority: number(priority) })] : []),
  ]
  return (
    <Table.Tr data-target={intent}>
      <Table.Td>
        <App assetId={assetId} name={assetName} tokenName={tokenName} />
      </Table.Td>
      <Table.Td>
        <Badge tone={tones[intent]}>{t(`targets.intents.${intent}`)}</Badge>
        {offered && intent === 'required' && (
          <Text size="xs" c="dimmed">
            {t('targets.offered_too')}
          </Text>
        )}
        {askedAt !== null && (
          <Text size="xs" c="dimmed">
            {t('targets.asked_at', { at: dateTime(askedAt) })}
          </Text>
        )}
        <SettingConflicts target={target} />
      </Table.Td>
      <Table.Td visibleFrom="sm">{by.join(' · ')}</Table.Td>
      <Table.Td ta="end">
        <Group gap="sm" justify="flex-end">
          {offered && intent !== 'required' && (
            <AskButton
              assetId={assetId}
              assetName={assetName}
              serialNumber={device.serialNumber}
              isAsked={askedAt !== null}
            />
          )}
          <WhyLink assetId={assetId} assetName={assetName} deviceId={device.id} />
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

interface AppProps {
  readonly assetId: number
  readonly name: string
  readonly tokenName: string
}

function App({ assetId, name, tokenName }: AppProps) {
  return (
    <>
      <TextLink to="/apps/$id" params={{ id: assetId }} search={{ tab: 'assignments' }} size="sm" fw={550}>
        {name}
      </TextLink>
      <Text size="xs" c="dimmed">
        {tokenName}
      </Text>
    </>
  )
}
