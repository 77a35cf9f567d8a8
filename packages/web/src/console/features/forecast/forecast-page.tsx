import { horizons } from '@apportion/core/forecast/forecast'
import { Button, Group, NativeSelect, SegmentedControl } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { tokensQuery } from '../tokens/queries.ts'
import styles from './forecast.module.css'
import { ForecastRows } from './forecast-rows.tsx'
import { shoppingListCsvAddress } from './queries.ts'
import { type ForecastAddress, horizonOf, spans } from './search.ts'
import { ShoppingRows } from './shopping-rows.tsx'

/** L10: which apps run out when, and what to buy. */
export function ForecastPage() {
  const { t } = useTranslation()
  const address = useSearch({ from: '/signed-in/forecast' })
  const navigate = useNavigate({ from: '/forecast' })
  const set = (change: ForecastAddress) =>
    void navigate({ search: (present) => ({ ...present, ...change }), replace: true, resetScroll: false })
  const isShopping = address.view === 'buy'
  return (
    <Page
      title={t('forecast.title')}
      lead={`${t(isShopping ? 'forecast.shopping_lead' : 'forecast.lead')} ${t('forecast.how')}`}
      actions={
        isShopping && (
          <Button
            component="a"
            href={shoppingListCsvAddress(address)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            {t('common.export')}
          </Button>
        )
      }
    >
      <Group gap="sm">
        <SegmentedControl
          aria-label={t('forecast.view')}
          value={address.view ?? 'days'}
          data={[
            { value: 'days', label: t('forecast.days_left') },
            { value: 'buy', label: t('forecast.shopping') },
          ]}
          onChange={(value) => set({ view: value === 'buy' ? 'buy' : undefined })}
        />
        <OfToken address={address} set={set} />
        {isShopping ? (
          <ShoppingFilters address={address} set={set} />
        ) : (
          <Within address={address} set={set} />
        )}
      </Group>
      <Card flush>
        {isShopping ? <ShoppingRows address={address} /> : <ForecastRows address={address} />}
      </Card>
    </Page>
  )
}

interface FilterProps {
  readonly address: ForecastAddress
  readonly set: (change: ForecastAddress) => void
}

function OfToken({ address, set }: FilterProps) {
  const { t } = useTranslation()
  const tokens = useInfiniteQuery(tokensQuery())
  const choices = (tokens.data?.pages ?? []).flatMap(({ items }) => items)
  return (
    <NativeSelect
      className={styles.filter ?? ''}
      aria-label={t('apps.filters.token')}
      value={String(address.tokenId ?? '')}
      data={[
        { value: '', label: t('apps.all_tokens') },
        ...choices.map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      onChange={({ currentTarget: { value } }) => set({ tokenId: value === '' ? undefined : Number(value) })}
    />
  )
}

function Within({ address, set }: FilterProps) {
  const { t } = useTranslation()
  return (
    <NativeSelect
      className={styles.filter ?? ''}
      aria-label={t('forecast.within_label')}
      value={String(address.within ?? '')}
      data={[
        { value: '', label: t('forecast.within_all') },
        ...spans.map((span) => ({ value: String(span), label: t('forecast.within', { count: span }) })),
      ]}
      onChange={({ currentTarget: { value } }) =>
        set({ within: spans.find((span) => span === Number(value)) })
      }
    />
  )
}

function ShoppingFilters({ address, set }: FilterProps) {
  const { t } = useTranslation()
  return (
    <>
      <NativeSelect
        className={styles.filter ?? ''}
        aria-label={t('forecast.horizon')}
        value={String(horizonOf(address))}
        data={horizons.map((horizon) => ({
          value: String(horizon),
          label: t('forecast.lasts_for', { count: horizon }),
        }))}
        onChange={({ currentTarget: { value } }) =>
          set({ horizon: horizons.find((horizon) => horizon === Number(value) && horizon !== 90) })
        }
      />
      <SegmentedControl
        aria-label={t('forecast.safety')}
        value={address.cautious ?? 'no'}
        data={[
          { value: 'no', label: t('forecast.expected') },
          { value: 'yes', label: t('forecast.cautious') },
        ]}
        onChange={(value) => set({ cautious: value === 'yes' ? 'yes' : undefined })}
      />
    </>
  )
}
