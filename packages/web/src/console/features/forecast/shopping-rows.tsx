import { Text } from '@mantine/core'
import { IconShoppingCartCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ShoppingLine } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { NamedApp } from './named-app.tsx'
import { shoppingListQuery } from './queries.ts'
import { type ForecastAddress, horizonOf } from './search.ts'

/** What to buy at Apple, location by location, the most needed first. */
export function ShoppingRows({ address }: { readonly address: ForecastAddress }) {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(shoppingListQuery(address))
  return (
    <Rows
      label={t('forecast.shopping')}
      columns={columns}
      result={result}
      rowKey={({ assetId }) => assetId}
      rowHeight={68}
      empty={
        <Empty icon={<IconShoppingCartCheck />} title={t('forecast.nothing_to_buy')}>
          {t('forecast.nothing_to_buy_hint', { count: horizonOf(address) })}
        </Empty>
      }
    />
  )
}

function useColumns(): readonly Column<ShoppingLine>[] {
  const { t } = useTranslation()
  const { number, country } = useFormats()
  return [
    {
      key: 'name',
      header: t('apps.columns.name'),
      phoneWidth: '48%',
      cell: (line) => <NamedApp line={line} />,
    },
    {
      key: 'country',
      header: t('forecast.columns.country'),
      width: '9rem',
      from: 'lg',
      cell: (line) => country(line.country),
    },
    {
      key: 'waiting',
      header: t('usage.waiting_label'),
      width: '6rem',
      align: 'end',
      from: 'md',
      cell: ({ waiting }) => (waiting === 0 ? '–' : number(waiting)),
    },
    {
      key: 'free',
      header: t('usage.available'),
      width: '7rem',
      align: 'end',
      from: 'md',
      cell: ({ free }) => number(free),
    },
    {
      key: 'needed',
      header: t('forecast.expected'),
      width: '7rem',
      align: 'end',
      cell: ({ needed }) => number(needed),
    },
    {
      key: 'cautious',
      header: t('forecast.cautious'),
      width: '7rem',
      align: 'end',
      cell: ({ neededCautious }) => (neededCautious === null ? t('forecast.unsure') : number(neededCautious)),
    },
    {
      key: 'cost',
      header: t('forecast.columns.cost'),
      width: '9rem',
      align: 'end',
      from: 'xs',
      cell: ({ cost, priceText }) => (
        <>
          {cost === null ? '–' : number(cost)}
          {priceText !== null && (
            <Text size="xs" c="dimmed" className="truncate">
              {t('forecast.each', { price: priceText })}
            </Text>
          )}
        </>
      ),
    },
  ]
}
