import { useTranslation } from 'react-i18next'
import type { Asset, AssetNotice } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'

const tones = {
  not_licensed: 'bad',
  not_in_store: 'warn',
  not_device_assignable: 'warn',
  changed: 'info',
} as const satisfies Record<AssetNotice, Exclude<Tone, 'neutral'>>

/** C4: what was noticed, in a word or two. */
export function NoticeBadge({ code }: { readonly code: AssetNotice }) {
  const { t } = useTranslation()
  return <Badge tone={tones[code]}>{t(`titles.notices.${code}`)}</Badge>
}

/** C4: what was noticed of an app, since when, what it means and what to do. What changed in passing stands in its list. */
export function AppNotices({ notices }: Pick<Asset, 'notices'>) {
  const { t } = useTranslation()
  const { date } = useFormats()
  return notices.map(({ code, since }) =>
    code === 'changed' ? null : (
      <Notice key={code} tone={tones[code]} title={t(`titles.noticed.${code}`, { at: date(since) })}>
        {t(`titles.advice.${code}`)}
      </Notice>
    ),
  )
}
