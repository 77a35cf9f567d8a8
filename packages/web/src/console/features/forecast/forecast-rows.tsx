import { Text } from '@mantine/core'
import { IconCalendarCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ForecastLine } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { toneOf, useForecastText } from './forecast-text.ts'
import { NamedApp } from './named-app.tsx'
import { forecastsQuery } from './queries.ts'
import type { ForecastAddress } from './search.ts'

/** Every app with a limit by the days that it lasts, soonest first. */
export function ForecastRows({ address }: { readonly address: ForecastAddress }) {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(forecastsQuery(address))
  const isNarrowed = address.within !== undefined || address.tokenId !== undefined
  return (
    <Rows
      label={t('forecast.title')}
      columns={columns}
      result={result}
      rowKey={({ assetId }) => assetId}
      rowHeight={68}
      empty={
        <Empty icon={<IconCalendarCheck />} title={t(isNarrowed ? 'forecast.no_soon' : 'forecast.no_rows')}>
          {t(isNarrowed ? 'forecast.no_soon_hint' : 'forecast.no_rows_hint')}
        </Empty>
      }
    />
  )
}

function useColumns(): readonly Column<ForecastLine>[] {
  const { t } = useTranslation()
  const { number } = useFormats()
  const text = useForecastText()
  return [
    {
      key: 'name',
      header: t('apps.columns.name'),
      phoneWidth: '44%',
      cell: (line) => <NamedApp line={line} />,
    },
    {
      key: 'outcome',
      header: t('forecast.columns.outcome'),
      cell: (line) => (
        <>
          <Badge tone={toneOf(line)}>{text.short(line)}</Badge>
          <Text size="xs" c="dimmed" className="truncate" title={text.range(line)}>
            {text.range(line)}
          </Text>
        </>
      ),
    },
    {
      key: 'use',
      header: t('forecast.columns.use'),
      width: '8rem',
      align: 'end',
      from: 'md',
      cell: ({ usePerDay }) => (usePerDay === null ? '–' : number(usePerDay)),
    },
    {
      key: 'planned',
      header: t('forecast.columns.planned'),
      width: '7rem',
      align: 'end',
      from: 'lg',
      cell: ({ planned }) => (planned === 0 ? '–' : number(planned)),
    },
    {
      key: 'waiting',
      header: t('usage.waiting_label'),
      width: '6rem',
      align: 'end',
      from: 'lg',
      cell: ({ waiting }) => (waiting === 0 ? '–' : number(waiting)),
    },
    {
      key: 'free',
      header: t('usage.available'),
      width: '7rem',
      align: 'end',
      from: 'xs',
      cell: ({ free }) => number(free),
    },
  ]
}
