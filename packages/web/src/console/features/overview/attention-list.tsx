import { Button, Skeleton, Text } from '@mantine/core'
import { IconChevronRight, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attention } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import styles from './overview.module.css'

const tones = { critical: 'bad', warning: 'warn', notice: 'info' } as const satisfies Record<string, Tone>

/** As many as the list beside it shows, so that both have one height. */
const listed = 6

/** What needs someone, most urgent first; each line leads to where something can be done about it. */
export function AttentionList({ attention }: { readonly attention: readonly Attention[] | undefined }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  if (attention === undefined) return <SketchedList />
  if (attention.length === 0) {
    return (
      <Empty icon={<IconCircleCheck />} title={t('overview.all_well')}>
        {t('overview.all_well_hint')}
      </Empty>
    )
  }
  const shown = all || attention.length <= listed ? attention : attention.slice(0, listed - 1)
  return (
    <ul className={styles.list}>
      {shown.map((item) => (
        <li key={`${item.code} ${item.tokenId} ${item.assetId}`} className={styles.item}>
          <PlaceToAct item={item}>
            <span className={styles.words}>
              <Badge tone={tones[item.severity]}>{t(`overview.severity.${item.severity}`)}</Badge>
              <AttentionText item={item} />
            </span>
            <IconChevronRight size={16} aria-hidden="true" />
          </PlaceToAct>
        </li>
      ))}
      {shown.length < attention.length && (
        <li className={styles.item}>
          <Button variant="subtle" fullWidth h="3.25rem" radius={0} onClick={() => setAll(true)}>
            {t('overview.show_all', { count: attention.length })}
          </Button>
        </li>
      )}
    </ul>
  )
}

function AttentionText({ item }: { readonly item: Attention }) {
  const { t } = useTranslation()
  const { number, date } = useFormats()
  const count = item.count ?? 0
  const facts = {
    name: item.name ?? '',
    at: item.at === null ? '' : date(item.at),
    count,
    shown: number(count),
  }
  return (
    <Text size="sm" span>
      {t(`overview.codes.${item.code}`, facts)}
    </Text>
  )
}

function PlaceToAct({ item, children }: { readonly item: Attention; readonly children: ReactNode }) {
  const className = styles.go ?? ''
  if (item.assetId !== null) {
    return (
      <Link
        to="/apps/$id"
        params={{ id: item.assetId }}
        search={item.code === 'shortage' ? { state: 'waiting' } : {}}
        className={className}
      >
        {children}
      </Link>
    )
  }
  if (item.tokenId !== null && item.code !== 'operations_failed') {
    return (
      <Link to="/tokens/$id" params={{ id: item.tokenId }} className={className}>
        {children}
      </Link>
    )
  }
  if (item.code.startsWith('push_certificate_')) {
    return (
      <Link to="/enrollment" className={className}>
        {children}
      </Link>
    )
  }
  if (item.code === 'titles_changed') {
    return (
      <Link to="/apps" search={{ by: 'title', show: 'changed' }} className={className}>
        {children}
      </Link>
    )
  }
  return (
    <Link to="/operations" className={className}>
      {children}
    </Link>
  )
}

/** The size of a list that is still being read. */
export function SketchedList() {
  return (
    <ul className={styles.list} aria-hidden="true">
      {[72, 58, 80, 64, 50, 68].map((width) => (
        <li key={width} className={styles.item}>
          <div className={styles.go}>
            <Skeleton height={14} width={`${width}%`} />
          </div>
        </li>
      ))}
    </ul>
  )
}
