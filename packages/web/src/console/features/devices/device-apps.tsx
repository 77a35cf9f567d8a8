import { Group, SegmentedControl, Text } from '@mantine/core'
import { IconApps } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeviceDetail, DeviceTitle } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { deviceTitlesQuery } from '../titles/queries.ts'
import { TitleName } from '../titles/title-rows.tsx'

const shows = ['fitting', 'unfit'] as const

/** C2: which of the apps that are owned run on this device, and why the others do not. */
export function DeviceApps({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation()
  const [q, search] = useState('')
  const [show, choose] = useState<(typeof shows)[number]>('fitting')
  const columns = useColumns(device)
  const result = useInfiniteQuery(deviceTitlesQuery(device.id, { q, show }))
  return (
    <Card title={t('titles.on_device')} flush>
      <Group p="md" gap="sm">
        <SearchInput label={t('apps.search')} value={q} onChange={search} />
        <SegmentedControl
          ml="auto"
          aria-label={t('titles.on_device')}
          value={show}
          data={shows.map((value) => ({ value, label: t(`titles.fit.${value}`) }))}
          onChange={(value) => choose(shows.find((one) => one === value) ?? 'fitting')}
        />
      </Group>
      <Rows
        label={t('titles.on_device')}
        columns={columns}
        result={result}
        rowKey={({ adamId }) => adamId}
        rowHeight={60}
        sketched={4}
        empty={
          <Empty icon={<IconApps />} title={t(q === '' ? `titles.none_${show}` : 'common.nothing_found')} />
        }
      />
    </Card>
  )
}

function useColumns({ osVersion }: DeviceDetail): readonly Column<DeviceTitle>[] {
  const { t } = useTranslation()
  const { number } = useFormats()
  return [
    { key: 'name', header: t('apps.columns.name'), cell: (title) => <TitleName title={title} /> },
    {
      key: 'needs',
      header: t('titles.columns.needs'),
      width: '18rem',
      from: 'xs',
      cell: ({ unfit, minimumOs, platforms }) =>
        unfit === null ? (
          <Text size="sm" c="dimmed" span>
            {minimumOs === null ? platforms.join(', ') : t('titles.needs', { version: minimumOs })}
          </Text>
        ) : (
          t(`titles.unfit.${unfit.code}`, { needs: minimumOs ?? '', has: osVersion ?? '' })
        ),
    },
    {
      key: 'available',
      header: t('usage.available'),
      width: '7rem',
      from: 'md',
      align: 'end',
      cell: ({ counts }) =>
        counts.available === null || counts.unlimitedPools > 0
          ? t('usage.unlimited')
          : number(counts.available),
    },
  ]
}
