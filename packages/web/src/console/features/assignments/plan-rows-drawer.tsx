import { Button, Drawer, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import styles from './assignments.module.css'
import { PlanRowText } from './plan-row-text.tsx'
import { type PlanPart, planRowsQuery } from './queries.ts'

interface PlanRowsDrawerProps {
  readonly plan: Plan
  readonly part: PlanPart
  readonly onClose: () => void
}

/** Everybody whom one kind of change of a plan concerns, to be searched; of several apps one at a time. */
export function PlanRowsDrawer({ plan, part, onClose }: PlanRowsDrawerProps) {
  const { t } = useTranslation()
  const concerned = plan.assets.filter(({ outcome }) => outcome[part].count > 0)
  const [chosen, choose] = useState(concerned[0]?.assetId)
  const [q, search] = useState('')
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={t(`plan.parts.${part}`)}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 650, fontSize: '1.125rem' } }}
    >
      <Stack gap="md">
        {concerned.length > 1 && (
          <NativeSelect
            label={t('apps.one')}
            value={String(chosen)}
            data={concerned.map(({ assetId, name, tokenName }) => ({
              value: String(assetId),
              label: `${name} · ${tokenName}`,
            }))}
            onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
          />
        )}
        <Group>
          <SearchInput label={t('plan.search')} value={q} onChange={search} />
        </Group>
        {chosen !== undefined && <Listed planId={plan.id} assetId={chosen} part={part} q={q} />}
      </Stack>
    </Drawer>
  )
}

interface ListedProps {
  readonly planId: string
  readonly assetId: number
  readonly part: PlanPart
  readonly q: string
}

function Listed(search: ListedProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const result = useInfiniteQuery(planRowsQuery(search))
  if (result.isPending) return <Skeleton height={240} />
  if (result.isError) return <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />
  const rows = result.data.pages.flatMap((page) => page.items)
  const { hasNextPage } = result
  return (
    <>
      <ul className={styles.listed} aria-label={t(`plan.parts.${search.part}`)}>
        {rows.map((row) => (
          <li key={`${row.deviceId} ${row.userId} ${row.serialNumber}`}>
            <PlanRowText row={row} />
          </li>
        ))}
      </ul>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {rows.length === 0
            ? t('common.nothing_found')
            : t(hasNextPage ? 'common.rows_so_far' : 'common.rows', {
                count: rows.length,
                shown: number(rows.length),
              })}
        </Text>
        {hasNextPage && (
          <Button
            variant="default"
            size="compact-sm"
            loading={result.isFetchingNextPage}
            onClick={() => void result.fetchNextPage()}
          >
            {t('common.load_more')}
          </Button>
        )}
      </Group>
    </>
  )
}
