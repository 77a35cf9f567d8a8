import { Text } from '@mantine/core'
import { IconApps } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'
import { SketchedList } from './attention-list.tsx'
import styles from './overview.module.css'

/** The apps with the largest share of their licenses in use. */
export function BusiestApps({ apps }: { readonly apps: Overview['busiest'] | undefined }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  if (apps === undefined) return <SketchedList />
  if (apps.length === 0) {
    return (
      <Empty icon={<IconApps />} title={t('overview.no_apps')}>
        {t('overview.no_apps_hint')}
      </Empty>
    )
  }
  return (
    <ul className={styles.list}>
      {apps.map(({ assetId, name, iconUrl, total, used, waiting }) => {
        const usage =
          total === null
            ? t('usage.used_unlimited', { used: number(used) })
            : t('usage.of', { used: number(used), total: number(total) })
        return (
          <li key={assetId} className={styles.item}>
            <Link to="/apps/$id" params={{ id: assetId }} className={styles.go}>
              <AppIcon url={iconUrl} size={32} />
              <span className={styles.busy}>
                <span className={styles.line}>
                  <span className="truncate">{name}</span>
                  <Text span size="sm" c="dimmed" className="numbers" style={{ whiteSpace: 'nowrap' }}>
                    {usage}
                    {waiting > 0 && ` · ${t('usage.waiting', { count: waiting, shown: number(waiting) })}`}
                  </Text>
                </span>
                <UsageBar usage={{ total, used, waiting }} label={usage} />
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
