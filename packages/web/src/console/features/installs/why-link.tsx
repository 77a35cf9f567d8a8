import { useTranslation } from 'react-i18next'
import { TextLink } from '../../../shared/ui/link.tsx'
import type { AppOfDevice } from './queries.ts'

/** Leads to why an app is, or is not, on a device. */
export function WhyLink({ deviceId, assetId, assetName }: AppOfDevice & { readonly assetName: string }) {
  const { t } = useTranslation()
  return (
    <TextLink
      to="/devices/$id/why/$assetId"
      params={{ id: deviceId, assetId }}
      size="sm"
      aria-label={t('installs.why_of', { app: assetName })}
    >
      {t('installs.why')}
    </TextLink>
  )
}
