import { Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconInfinity } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AssetForecast } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import styles from './forecast.module.css'
import { ForecastChart } from './forecast-chart.tsx'
import { noonOf, toneOf, useForecastText } from './forecast-text.ts'
import { assetForecastQuery } from './queries.ts'

type Forecast = NonNullable<AssetForecast['forecast']>

/** L10: how long the licenses of one app last, what that is taken from, and how many to buy. */
export function AppForecast({ assetId }: { readonly assetId: number }) {
  const { t } = useTranslation()
  const query = useQuery(assetForecastQuery(assetId))
  const { data: asset } = query
  if (asset === undefined) {
    return (
      <Card title={t('forecast.title')}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={320} />
        )}
      </Card>
    )
  }
  const { forecast } = asset
  if (forecast === null) {
    return (
      <Card title={t('forecast.title')}>
        <Empty icon={<IconInfinity />} title={t('forecast.none')}>
          {t('forecast.none_hint')}
        </Empty>
      </Card>
    )
  }
  return (
    <Stack gap="lg">
      <Card title={t('forecast.title')}>
        <Sentences forecast={forecast} />
        <ForecastChart asset={asset} />
      </Card>
      <Card title={t('forecast.to_buy')}>
        <Needs needs={forecast.needs} />
      </Card>
    </Stack>
  )
}

function Sentences({ forecast }: { readonly forecast: Forecast }) {
  const { t } = useTranslation()
  const { number, date } = useFormats()
  const text = useForecastText()
  const { burst, runsOutOn, state, usePerDay, planned } = forecast
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Badge tone={toneOf(forecast)}>{text.outcome(forecast)}</Badge>
        {state === 'runs_out' && runsOutOn !== null && (
          <Text size="sm" fw={550}>
            {date(noonOf(runsOutOn))}
          </Text>
        )}
      </Group>
      <Text size="sm" c="dimmed" component="div">
        {text.range(forecast)}{' '}
        {usePerDay !== null &&
          t('forecast.pace', { use: number(usePerDay), days: text.days(forecast.historyDays) })}{' '}
        {burst !== null &&
          t('forecast.burst', {
            licenses: number(Math.abs(burst.licenses)),
            from: date(noonOf(burst.from)),
            to: date(noonOf(burst.to)),
          })}
      </Text>
      {planned.length > 0 && (
        <div>
          <Title order={3} fz="sm">
            {t('forecast.planned')}
          </Title>
          <ul className={styles.waves}>
            {planned.map((wave) => (
              <li key={`${wave.assignmentId} ${wave.at}`}>
                {t('forecast.wave', {
                  at: date(wave.at),
                  count: wave.licenses,
                  shown: number(wave.licenses),
                  group: wave.groupName,
                  percent: number(wave.percent),
                })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  )
}

function Needs({ needs }: { readonly needs: Forecast['needs'] }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const text = useForecastText()
  return (
    <>
      <table className={styles.needs} aria-label={t('forecast.to_buy')}>
        <thead>
          <tr>
            <th scope="col">{t('forecast.horizon')}</th>
            <th scope="col">{t('forecast.expected')}</th>
            <th scope="col">{t('forecast.cautious')}</th>
          </tr>
        </thead>
        <tbody>
          {needs.map(({ horizon, expected, cautious }) => (
            <tr key={horizon}>
              <th scope="row">{text.days(horizon)}</th>
              <td>{number(expected)}</td>
              <td>{cautious === null ? '–' : number(cautious)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt="sm">
        {t('forecast.needs_hint')}
      </Text>
    </>
  )
}
