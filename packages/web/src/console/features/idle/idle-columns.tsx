import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { IdleLicense } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import type { Column } from '../../../shared/ui/rows.tsx'

/** Who holds it, of which app, why it is idle, and what to know before freeing it. */
export function useIdleColumns(): readonly Column<IdleLicense>[] {
  const { t } = useTranslation()
  const { date, dateTime, relative } = useFormats()
  return [
    {
      key: 'holder',
      header: t('idle.columns.holder'),
      cell: ({ id, deviceId, name, personName }) => (
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
            {[name ?? t('holders.unknown'), personName].filter((part) => part !== null).join(' · ')}
          </Text>
        </>
      ),
    },
    {
      key: 'app',
      header: t('idle.columns.app'),
      from: 'xs',
      cell: ({ asset, token }) => (
        <>
          <RowLink to="/apps/$id" params={{ id: asset.id }}>
            {asset.name}
          </RowLink>
          <Text size="xs" c="dimmed" className="truncate">
            {token.name}
          </Text>
        </>
      ),
    },
    {
      key: 'reason',
      header: t('idle.columns.reason'),
      width: '15rem',
      phoneWidth: '10.5rem',
      cell: ({ reason, lastSeenAt, keepUntil }) => (
        <>
          <Text size="sm" className="truncate">
            {t(`idle.reasons.${reason}`)}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {keepUntil !== null && t('idle.kept_until', { date: date(keepUntil) })}
            {keepUntil === null && lastSeenAt !== null && t('idle.seen', { when: relative(lastSeenAt) })}
          </Text>
        </>
      ),
    },
    {
      key: 'marks',
      header: t('idle.columns.marks'),
      width: '11rem',
      from: 'md',
      cell: ({ required, ours, revocable }) => (
        <Group gap={4}>
          {required && <Badge tone="warn">{t('idle.required')}</Badge>}
          {!ours && <Badge tone="neutral">{t('idle.outside')}</Badge>}
          {!revocable && <Badge tone="neutral">{t('idle.not_revocable')}</Badge>}
        </Group>
      ),
    },
    {
      key: 'since',
      header: t('idle.columns.since'),
      width: '9rem',
      from: 'md',
      cell: ({ since }) => <span title={dateTime(since)}>{date(since)}</span>,
    },
  ]
}
