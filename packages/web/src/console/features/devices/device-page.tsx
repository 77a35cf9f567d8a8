import { Button, Group, Skeleton, Stack, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DeviceDetail } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { DeviceTargets } from '../assignments/device-targets.tsx'
import { TakeBackMenu } from '../interventions/take-back-menu.tsx'
import { History } from '../ledger/history.tsx'
import { ManagementTab } from '../management/management-tab.tsx'
import { DeviceApps } from './device-apps.tsx'
import { DeviceForm } from './device-form.tsx'
import { DeviceLicenses } from './device-licenses.tsx'
import { deviceQuery, useDeleteDevice } from './queries.ts'
import { deviceTabs } from './search.ts'

/** One device: what is known of it, its groups, and its licenses with the reason of each. */
export function DevicePage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/signed-in/devices/$id' })
  const query = useQuery(deviceQuery(id))
  if (query.data === undefined) {
    return (
      <Page title={t('devices.one')} above={{ label: t('devices.title'), to: '/devices' }}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={220} />
        )}
      </Page>
    )
  }
  return <Loaded device={query.data} />
}

function Loaded({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation()
  const { tab = 'licenses' } = useSearch({ from: '/signed-in/devices/$id' })
  const navigate = useNavigate({ from: '/devices/$id' })
  const go = (value: string | null) =>
    void navigate({
      search: { tab: deviceTabs.find((known) => known === value) },
      replace: true,
      resetScroll: false,
    })
  const [editing, edit] = useDisclosure(false)
  const [deleting, askDelete] = useDisclosure(false)
  return (
    <Page
      title={device.serialNumber}
      above={{ label: t('devices.title'), to: '/devices' }}
      lead={[device.name, device.model].filter((part) => part !== null && part !== '').join(' · ')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconPencil size={16} aria-hidden="true" />}
            onClick={edit.open}
          >
            {t('common.edit')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden="true" />}
            onClick={askDelete.open}
          >
            {t('common.delete')}
          </Button>
          <TakeBackMenu scope={{ serialNumber: device.serialNumber }} />
        </>
      }
    >
      <DeviceFacts device={device} />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="licenses">{t('devices.licenses')}</Tabs.Tab>
          <Tabs.Tab value="installs">{t('management.tab')}</Tabs.Tab>
          <Tabs.Tab value="meant">{t('targets.tab')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('apps.tabs.history')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="licenses">
          <Stack gap="lg">
            <DeviceLicenses device={device} />
            <DeviceApps device={device} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="installs">
          <ManagementTab device={device} />
        </Tabs.Panel>
        <Tabs.Panel value="meant">
          <DeviceTargets device={device} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History search={{ serialNumber: device.serialNumber }} without="holder" />
        </Tabs.Panel>
      </Tabs>
      {editing && <DeviceForm device={device} onClose={edit.close} />}
      {deleting && <DeleteDevice device={device} onClose={askDelete.close} />}
    </Page>
  )
}

function DeviceFacts({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const os = [device.platform, device.osVersion].filter((part) => part !== null).join(' ')
  return (
    <Card title={t('devices.facts')}>
      <Facts>
        <Fact label={t('devices.columns.os')}>{os || null}</Fact>
        <Fact label={t('devices.columns.user')}>
          {device.user === null ? null : device.user.name || device.user.userName}
        </Fact>
        <Fact label={t('devices.fields.ownership')}>{t(`devices.ownerships.${device.ownership}`)}</Fact>
        <Fact label={t('devices.supervised')}>{t(device.supervised ? 'common.yes' : 'common.no')}</Fact>
        <Fact label={t('devices.is_kiosk')}>{t(device.kiosk ? 'common.yes' : 'common.no')}</Fact>
        <Fact label={t('devices.fields.enrollment')}>
          {t(`devices.enrollments.${device.enrollmentType}`)}
        </Fact>
        <Fact label={t('devices.fields.site')}>
          {[device.site, device.country].filter((part) => part !== null).join(', ') || null}
        </Fact>
        <Fact label={t('devices.fields.tags')}>{device.tags.join(', ') || null}</Fact>
        <Fact label={t('devices.fields.last_seen')}>
          {device.lastSeenAt === null ? null : dateTime(device.lastSeenAt)}
        </Fact>
        <Fact label={t('devices.added')}>{dateTime(device.createdAt)}</Fact>
        <Fact label={t('devices.groups')}>
          {device.groups.length === 0 ? null : (
            <Group gap="0.5rem 0.75rem" component="span">
              {device.groups.map(({ id, name }) => (
                <TextLink key={id} to="/groups/$id" params={{ id }} inherit>
                  {name}
                </TextLink>
              ))}
            </Group>
          )}
        </Fact>
      </Facts>
    </Card>
  )
}

interface DeleteDeviceProps {
  readonly device: DeviceDetail
  readonly onClose: () => void
}

function DeleteDevice({ device, onClose }: DeleteDeviceProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const remove = useDeleteDevice()
  const given = device.licenses.filter(({ ours, state }) => ours && state !== 'waiting').length
  const confirm = () =>
    remove.mutate(device.id, {
      onSuccess: () => {
        notifications.show({ message: t('devices.deleted', { serial: device.serialNumber }) })
        void navigate({ to: '/devices' })
      },
    })
  return (
    <Ask
      title={t('devices.delete_title', { serial: device.serialNumber })}
      verb={t('devices.delete')}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('devices.delete_text', { count: given })}
    </Ask>
  )
}
