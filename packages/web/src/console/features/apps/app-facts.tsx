import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'

/** C1: what Apple says of the title. */
export function AppFacts({ asset }: { readonly asset: Asset }) {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const { title, token } = asset
  return (
    <Facts>
      <Fact label={t('apps.facts.token')}>
        <TextLink to="/tokens/$id" params={{ id: token.id }} inherit>
          {token.name}
        </TextLink>
      </Fact>
      <Fact label={t('apps.facts.platforms')}>{asset.platforms.join(', ') || null}</Fact>
      <Fact label={t('apps.facts.version')}>{title.version}</Fact>
      <Fact label={t('apps.facts.minimum_os')}>{title.minimumOs}</Fact>
      <Fact label={t('apps.facts.price')}>{title.priceText}</Fact>
      <Fact label={t('apps.facts.genres')}>{title.genres.join(', ') || null}</Fact>
      <Fact label={t('apps.facts.bundle_id')}>{title.bundleId}</Fact>
      <Fact label={t('apps.facts.adam_id')}>{asset.adamId}</Fact>
      <Fact label={t('apps.facts.device_licenses')}>
        {t(asset.deviceAssignable ? 'common.yes' : 'common.no')}
      </Fact>
      <Fact label={t('apps.facts.revocable')}>{t(asset.revocable ? 'common.yes' : 'common.no')}</Fact>
      <Fact label={t('apps.facts.counted_at')}>{dateTime(asset.countedAt)}</Fact>
      <Fact label={t('apps.facts.store')}>
        {title.storeUrl === null ? null : (
          <Anchor href={title.storeUrl} target="_blank" rel="noreferrer" inherit>
            {t('apps.facts.open_store')}
          </Anchor>
        )}
      </Fact>
    </Facts>
  )
}
