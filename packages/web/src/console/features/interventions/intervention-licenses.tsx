import { Button, Group, NativeSelect, Text } from '@mantine/core'
import { IconApps, IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Intervention, InterventionLicense, InterventionOutcome } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { interventionLicensesQuery, type LicenseSearch } from './queries.ts'
import { outcomes } from './search.ts'

/** How outcomes look. */
export const outcomeTones: Readonly<Record<InterventionOutcome, Tone>> = {
  asked: 'info',
  taken: 'good',
  refused: 'bad',
  kept: 'neutral',
  adopted: 'good',
  withheld: 'warn',
  skipped: 'neutral',
  giving: 'info',
  given: 'good',
  not_given: 'bad',
  queued: 'warn',
}

/** Each license that it is about, to be searched and exported. */
export function InterventionLicenses({ intervention }: { readonly intervention: Intervention }) {
  const { t } = useTranslation()
  const { id, state } = intervention
  const { q, outcome } = useSearch({ from: '/signed-in/take-back/$id' })
  const navigate = useNavigate({ from: '/take-back/$id' })
  const columns = useColumns(state === 'preview')
  const result = useInfiniteQuery(interventionLicensesQuery(id, { q, outcome }))
  useFollow(intervention)
  const set = (change: LicenseSearch) =>
    void navigate({ search: (present) => ({ ...present, ...change }), replace: true, resetScroll: false })
  return (
    <Card title={t('interventions.list')} flush>
      <Group px="lg" pb="md" gap="sm">
        <SearchInput
          label={t('interventions.search')}
          value={q ?? ''}
          onChange={(text) => set({ q: text === '' ? undefined : text })}
        />
        <NativeSelect
          aria-label={t('interventions.filter')}
          value={outcome ?? ''}
          data={[
            { value: '', label: t('interventions.all') },
            ...outcomes.map((value) => ({ value, label: t(`interventions.outcomes.${value}`) })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            set({ outcome: outcomes.find((known) => known === value) })
          }
        />
        <Button
          component="a"
          href={`/api/v1/interventions/${id}/licenses.csv`}
          download
          variant="default"
          ml="auto"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
        >
          {t('common.export')}
        </Button>
      </Group>
      <Rows
        label={t('interventions.list')}
        columns={columns}
        result={result}
        rowKey={(license) => `${license.asset.id} ${license.kind} ${license.id}`}
        rowHeight={60}
        sketched={5}
        empty={<Empty icon={<IconApps />} title={t('common.nothing_found')} />}
      />
    </Card>
  )
}

/** The list is read again when the counts of the record changed. */
function useFollow({ id, counts }: Intervention): void {
  const queries = useQueryClient()
  const step = counts.map(({ outcome, reason, count }) => `${outcome} ${reason} ${count}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed counts are what makes the list stale
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['interventions', id, 'licenses'] })
  }, [queries, id, step])
}

function useColumns(isPreview: boolean): readonly Column<InterventionLicense>[] {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const why = useWhy()
  return [
    {
      key: 'holder',
      header: t('interventions.columns.holder'),
      cell: ({ id, deviceId, name }) => (
        <>
          {deviceId === null ? (
            <Text size="sm" fw={550} className="truncate">
              {id}
            </Text>
          ) : (
            <RowLink to="/devices/$id" params={{ id: deviceId }}>
              {id}
            </RowLink>
          )}
          <Text size="xs" c="dimmed" className="truncate">
            {name ?? t('holders.unknown')}
          </Text>
        </>
      ),
    },
    {
      key: 'app',
      header: t('interventions.columns.app'),
      from: 'xs',
      cell: ({ asset, tokenName }) => (
        <>
          <Text size="sm" className="truncate">
            {asset.name}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {tokenName}
          </Text>
        </>
      ),
    },
    {
      key: 'outcome',
      header: t('interventions.columns.outcome'),
      width: '12rem',
      phoneWidth: '11.5rem',
      cell: ({ outcome, settledAt }) => (
        <span title={settledAt === null ? undefined : dateTime(settledAt)}>
          <Badge tone={outcomeTones[outcome]}>
            {t(`interventions.${isPreview ? 'outcomes_to_come' : 'outcomes'}.${outcome}`)}
          </Badge>
        </span>
      ),
    },
    {
      key: 'why',
      header: t('interventions.columns.why'),
      from: 'md',
      cell: (license) => <span title={why(license)}>{why(license)}</span>,
    },
  ]
}

function useWhy(): (license: InterventionLicense) => string {
  const { t } = useTranslation()
  return ({ outcome, reason, errorNumber }) => {
    if (outcome === 'refused' || outcome === 'not_given') {
      return t(`interventions.${outcome}`, { number: errorNumber ?? '–' })
    }
    return reason === null ? '' : t(`interventions.reasons.${reason}`)
  }
}
