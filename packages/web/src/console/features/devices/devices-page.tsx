import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDevices, IconFileImport, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { useDeviceColumns } from './device-columns.tsx'
import { DeviceForm } from './device-form.tsx'
import { devicesQuery } from './queries.ts'

/** Every device that can get a license. */
export function DevicesPage() {
  const { t } = useTranslation()
  const { q } = useSearch({ from: '/signed-in/devices' })
  const navigate = useNavigate({ from: '/devices' })
  const [adding, add] = useDisclosure(false)
  const columns = useDeviceColumns()
  const result = useInfiniteQuery(devicesQuery({ q }))
  return (
    <Page
      title={t('devices.title')}
      lead={t('devices.lead')}
      actions={
        <>
          <ButtonLink
            to="/import"
            variant="default"
            leftSection={<IconFileImport size={16} aria-hidden="true" />}
          >
            {t('devices.import')}
          </ButtonLink>
          <Button onClick={add.open} leftSection={<IconPlus size={16} aria-hidden="true" />}>
            {t('devices.add')}
          </Button>
        </>
      }
    >
      <Group>
        <SearchInput
          label={t('devices.search')}
          value={q ?? ''}
          onChange={(text) => void navigate({ search: text === '' ? {} : { q: text }, replace: true })}
        />
      </Group>
      <Card flush>
        <Rows
          label={t('devices.title')}
          columns={columns}
          result={result}
          rowKey={({ id }) => id}
          rowHeight={60}
          empty={
            q === undefined ? (
              <Empty
                icon={<IconDevices />}
                title={t('devices.none')}
                action={<ButtonLink to="/import">{t('devices.import')}</ButtonLink>}
              >
                {t('devices.none_hint')}
              </Empty>
            ) : (
              <Empty icon={<IconDevices />} title={t('common.nothing_found')}>
                {t('common.nothing_found_hint', { q })}
              </Empty>
            )
          }
        />
      </Card>
      {adding && <DeviceForm onClose={add.close} />}
    </Page>
  )
}
