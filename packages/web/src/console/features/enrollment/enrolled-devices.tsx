import { Group, NativeSelect } from '@mantine/core'
import { IconDevices } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { useEnrollmentColumns } from './enrollment-columns.tsx'
import { enrollmentsQuery } from './queries.ts'
import { type EnrollmentSearch, enrollmentStates } from './search.ts'

/** Who is under management, who left, and why; the newest first, or by serial number when searched. */
export function EnrolledDevices() {
  const { t } = useTranslation()
  const { q, state } = useSearch({ from: '/signed-in/enrollment' })
  const navigate = useNavigate({ from: '/enrollment' })
  const result = useInfiniteQuery(enrollmentsQuery({ q, state }))
  const columns = useEnrollmentColumns()
  const set = (change: EnrollmentSearch) =>
    void navigate({ search: (present) => ({ ...present, ...change }), replace: true, resetScroll: false })
  const isNarrowed = q !== undefined || state !== undefined
  return (
    <Card title={t('enrollment.devices.title')} flush>
      <Group px="lg" pb="md" gap="sm">
        <SearchInput
          label={t('enrollment.devices.search')}
          value={q ?? ''}
          onChange={(text) => set({ q: text === '' ? undefined : text })}
        />
        <NativeSelect
          aria-label={t('enrollment.devices.filter')}
          value={state ?? ''}
          data={[
            { value: '', label: t('enrollment.devices.all') },
            ...enrollmentStates.map((value) => ({ value, label: t(`enrollment.devices.states.${value}`) })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            set({ state: enrollmentStates.find((known) => known === value) })
          }
        />
      </Group>
      <Rows
        label={t('enrollment.devices.title')}
        columns={columns}
        result={result}
        rowKey={({ id }) => id}
        rowHeight={60}
        sketched={5}
        empty={isNarrowed ? <NoneLikeThis q={q} /> : <None />}
      />
    </Card>
  )
}

function None() {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<IconDevices />}
      title={t('enrollment.devices.none')}
      action={
        <ButtonLink to="/enrollment" search={{ tab: 'links' }} variant="default">
          {t('enrollment.tabs.links')}
        </ButtonLink>
      }
    >
      {t('enrollment.devices.none_hint')}
    </Empty>
  )
}

function NoneLikeThis({ q }: { readonly q: string | undefined }) {
  const { t } = useTranslation()
  return (
    <Empty icon={<IconDevices />} title={t('enrollment.devices.none_like_this')}>
      {q === undefined ? '' : t('enrollment.devices.none_like_this_hint')}
    </Empty>
  )
}
