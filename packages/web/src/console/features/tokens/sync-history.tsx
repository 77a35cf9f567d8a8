import { Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncRun, Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { sentenceOf } from '../../../shared/ui/problem.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { syncsQuery } from './queries.ts'
import { SyncBadge } from './sync-state.tsx'

/** S1: past syncs of a token, newest first. */
export function SyncHistory({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const columns = useColumns(token)
  const result = useInfiniteQuery(syncsQuery(token.id))
  const { latestSync, id } = token
  const step = `${latestSync?.id} ${latestSync?.state}`
  // The token is followed closely while it syncs; its history only needs to follow each step.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step is what makes the history stale
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: syncsQuery(id).queryKey })
  }, [queries, id, step])
  return (
    <Card title={t('tokens.sync.history')} flush>
      <Rows
        label={t('tokens.sync.history')}
        columns={columns}
        result={result}
        rowKey={(sync) => sync.id}
        sketched={3}
        empty={<Empty icon={<IconHistory />} title={t('tokens.sync.none')} />}
      />
    </Card>
  )
}

function useColumns(token: Token): readonly Column<SyncRun>[] {
  const { t, i18n } = useTranslation()
  const { number, dateTime } = useFormats()
  return [
    {
      key: 'at',
      header: t('tokens.sync.columns.at'),
      cell: ({ askedAt, cause, scope }) => (
        <>
          <Text size="sm" className="truncate">
            {dateTime(askedAt)}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {t(`tokens.sync.causes.${cause}`)} · {t(`tokens.sync.scopes.${scope}`)}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('tokens.sync.columns.state'),
      cell: (sync) => (
        <>
          <SyncBadge sync={sync} />
          {sync.cause !== 'first' && sync.licensesFound + sync.licensesGone > 0 && (
            <div className="truncate">
              <TextLink to="/tokens/$id/syncs/$syncId" params={{ id: token.id, syncId: sync.id }} size="xs">
                {t('tokens.sync.show_findings')}
              </TextLink>
            </div>
          )}
          {sync.problem !== null && (
            <Text
              size="xs"
              c="dimmed"
              className="truncate"
              title={sentenceOf(sync.problem, t, i18n.language)}
            >
              {sentenceOf(sync.problem, t, i18n.language)}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'licenses',
      header: t('tokens.sync.columns.licenses'),
      align: 'end',
      width: '8rem',
      from: 'xs',
      cell: (sync) => (sync.scope === 'everything' ? number(sync.licensesSeen) : '–'),
    },
    {
      key: 'found',
      header: t('tokens.sync.columns.found'),
      align: 'end',
      width: '7rem',
      from: 'md',
      cell: (sync) => number(sync.licensesFound),
    },
    {
      key: 'gone',
      header: t('tokens.sync.columns.gone'),
      align: 'end',
      width: '7rem',
      from: 'md',
      cell: (sync) => number(sync.licensesGone),
    },
  ]
}
