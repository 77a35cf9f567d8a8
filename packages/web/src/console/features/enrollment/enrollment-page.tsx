import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../shared/ui/page.tsx'
import { DeclarativeApps } from './declarative-apps.tsx'
import { EnrolledDevices } from './enrolled-devices.tsx'
import { EnrollmentLinks } from './enrollment-links.tsx'
import { PushCard } from './push-card.tsx'
import { pushCertificatesQuery } from './queries.ts'
import { enrollmentTabs } from './search.ts'

/** D1: who is under management, and what it takes: Apple's push certificate, links, and how apps come. */
export function EnrollmentPage() {
  const { t } = useTranslation()
  const { tab = 'devices' } = useSearch({ from: '/signed-in/enrollment' })
  const navigate = useNavigate({ from: '/enrollment' })
  const { isPending } = useQuery(pushCertificatesQuery)
  const go = (value: string | null) =>
    void navigate({
      search: { tab: enrollmentTabs.find((known) => known === value) },
      replace: true,
      resetScroll: false,
    })
  return (
    <Page title={t('enrollment.title')} lead={t('enrollment.lead')}>
      <PushCard />
      {/* Below the certificate, whose height is known only once it is read. */}
      {!isPending && (
        <Tabs value={tab} onChange={go} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="devices">{t('enrollment.tabs.devices')}</Tabs.Tab>
            <Tabs.Tab value="links">{t('enrollment.tabs.links')}</Tabs.Tab>
            <Tabs.Tab value="settings">{t('enrollment.tabs.settings')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="devices">
            <EnrolledDevices />
          </Tabs.Panel>
          <Tabs.Panel value="links">
            <EnrollmentLinks />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <DeclarativeApps />
          </Tabs.Panel>
        </Tabs>
      )}
    </Page>
  )
}
