import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../shared/ui/page.tsx'
import { EnrollmentLinks } from './enrollment-links.tsx'
import { PushCard } from './push-card.tsx'
import { pushCertificatesQuery } from './queries.ts'

/** D1: what it takes to bring devices under management: Apple's push certificate, and links. */
export function EnrollmentPage() {
  const { t } = useTranslation()
  const { isPending } = useQuery(pushCertificatesQuery)
  return (
    <Page title={t('enrollment.title')} lead={t('enrollment.lead')}>
      <PushCard />
      {/* Below the certificate, whose height is known only once it is read. */}
      {!isPending && <EnrollmentLinks />}
    </Page>
  )
}
