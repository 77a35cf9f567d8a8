import { SegmentedControl } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { OperationRows } from './operation-rows.tsx'

/** Every request to Apple that gives or takes back licenses, and what became of it. */
export function OperationsPage() {
  const { t } = useTranslation()
  const { tokenId, show } = useSearch({ from: '/signed-in/operations' })
  const navigate = useNavigate({ from: '/operations' })
  return (
    <Page title={t('operations.title')} lead={t('operations.lead')}>
      <div>
        <SegmentedControl
          aria-label={t('operations.filter')}
          value={show ?? 'all'}
          data={[
            { value: 'all', label: t('operations.all') },
            { value: 'open', label: t('operations.open') },
          ]}
          onChange={(value) =>
            void navigate({ search: { tokenId, show: value === 'open' ? 'open' : undefined }, replace: true })
          }
        />
      </div>
      <Card flush>
        <OperationRows search={{ tokenId, open: show === 'open' ? true : undefined }} />
      </Card>
    </Page>
  )
}
