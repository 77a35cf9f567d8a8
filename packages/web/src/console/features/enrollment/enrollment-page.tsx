import { useTranslation } from 'react-i18next'
import { Page } from '../../../shared/ui/page.tsx'
import { EnrollmentLinks } from './enrollment-links.tsx'
import { PushCard } from './push-card.tsx'

/** D1: what it takes to bring devices under management: Apple's push certificate, and links. */
export function EnrollmentPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('enrollment.title')} lead={t('enrollment.lead')}>
      <PushCard />
      <EnrollmentLinks />
    </Page>
  )
}
