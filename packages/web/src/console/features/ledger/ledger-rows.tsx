import { Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LedgerLine } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { type LedgerSearch, ledgerQuery } from './queries.ts'

const tones: Readonly<Record<LedgerLine['change'], Tone>> = {
  granted: 'good',
  released: 'info',
  refused: 'bad',
  found: 'neutral',
  vanished: 'warn',
  adopted: 'good',
}

interface LedgerRowsProps {
  readonly search: LedgerSearch
  /** What every line has in common, and so needs no column. */
  readonly without?: 'app' | 'holder'
}

/** L13: every change of a license and why, newest first. */
export function LedgerRows({ search, without }: LedgerRowsProps) {
  const { t } = useTranslation()
  const columns = useColumns().filter(({ key }) => key !== without)
  const result = useInfiniteQuery(ledgerQuery(search))
  return (
    <Rows
      label={t('ledger.title')}
      columns={columns}
      result={result}
      rowKey={({ seq }) => seq}
      rowHeight={60}
      sketched={6}
      empty={
        <Empty icon={<IconHistory />} title={t('ledger.none')}>
          {t('ledger.none_hint')}
        </Empty>
      }
    />
  )
}

function useColumns(): readonly Column<LedgerLine>[] {
  const { t } = useTranslation()
  const { dateTime, relative } = useFormats()
  const why = useCause()
  return [
    {
      key: 'at',
      header: t('ledger.columns.at'),
      width: '9.5rem',
      from: 'xs',
      cell: ({ at }) => <span title={dateTime(at)}>{relative(at)}</span>,
    },
    {
      key: 'change',
      header: t('ledger.columns.change'),
      width: '9.5rem',
      phoneWidth: '10rem',
      cell: ({ change, at }) => (
        <>
          <Badge tone={tones[change]}>{t(`ledger.changes.${change}`)}</Badge>
          <Text size="xs" c="dimmed" hiddenFrom="xs" title={dateTime(at)}>
            {relative(at)}
          </Text>
        </>
      ),
    },
    {
      key: 'holder',
      header: t('ledger.columns.holder'),
      cell: ({ id, deviceId, name }) => (
        <>
          <Text size="sm" className="truncate" component="div">
            {deviceId === null ? (
              id
            ) : (
              <TextLink to="/devices/$id" params={{ id: deviceId }} inherit>
                {id}
              </TextLink>
            )}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {name ?? t('holders.unknown')}
          </Text>
        </>
      ),
    },
    {
      key: 'app',
      header: t('ledger.columns.app'),
      from: 'xs',
      cell: ({ asset, token }) => (
        <>
          <Text size="sm" className="truncate" component="div">
            <TextLink to="/apps/$id" params={{ id: asset.id }} inherit>
              {asset.name}
            </TextLink>
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {token.name}
          </Text>
        </>
      ),
    },
    {
      key: 'why',
      header: t('ledger.columns.why'),
      from: 'md',
      cell: (line) =>
        line.interventionId === null ? (
          <span title={why(line)}>{why(line)}</span>
        ) : (
          <TextLink to="/take-back/$id" params={{ id: line.interventionId }} inherit size="sm">
            {why(line)}
          </TextLink>
        ),
    },
  ]
}

function useCause(): (line: LedgerLine) => string {
  const { t } = useTranslation()
  return ({ cause: { code, groupName, by, errorNumber } }) => {
    const text =
      code === 'assigned' && groupName !== null
        ? t('ledger.causes.assigned_to', { group: groupName })
        : t(`ledger.causes.${code}`, { by: by ?? t('interventions.somebody') })
    return errorNumber === null ? text : t('ledger.error', { text, number: errorNumber })
  }
}
