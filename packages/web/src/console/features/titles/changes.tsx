import { Button, Skeleton, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { TitleChange } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import type { changesQuery } from './queries.ts'
import styles from './titles.module.css'

/** C4: what changed in the store and in the licenses, newest first. */
export function Changes({ query }: { readonly query: ReturnType<typeof changesQuery> }) {
  const { t } = useTranslation()
  const result = useInfiniteQuery(query)
  const changes = result.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Card title={t('titles.changes')}>
      {result.isPending && <Skeleton height={20} />}
      {result.isError && <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />}
      {result.isSuccess && changes.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('titles.no_changes')}
        </Text>
      )}
      {changes.length > 0 && (
        <ul className={styles.changes}>
          {changes.map((change) => (
            <Change key={change.id} change={change} />
          ))}
        </ul>
      )}
      {result.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={result.isFetchingNextPage}
          onClick={() => void result.fetchNextPage()}
        >
          {t('common.load_more')}
        </Button>
      )}
    </Card>
  )
}

function Change({ change }: { readonly change: TitleChange }) {
  const { t } = useTranslation()
  const { dateTime, country } = useFormats()
  const where = change.country === null ? (change.asset?.tokenName ?? '') : country(change.country)
  const facts = { before: change.before ?? '', after: change.after ?? '' }
  return (
    <li>
      <span>{t(`titles.change.${change.change}`, facts)}</span>
      <Text size="xs" c="dimmed">
        {[where, dateTime(change.at)].filter((part) => part !== '').join(' · ')}
      </Text>
    </li>
  )
}
