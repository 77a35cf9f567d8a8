import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { InterventionLicenses } from './intervention-licenses.tsx'
import { PreviewPart } from './preview-part.tsx'
import { interventionQuery } from './queries.ts'
import { RecordPart } from './record-part.tsx'
import { useScopeText } from './scope-text.ts'
import { stateTones } from './state-tones.ts'

/** L6, S5: what will be done, and after that the record of it, on one address. */
export function InterventionPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/signed-in/take-back/$id' })
  const scopeText = useScopeText()
  const query = useQuery(interventionQuery(id))
  const above = { label: t('interventions.title'), to: '/take-back' } as const
  const intervention = query.data
  if (intervention === undefined) {
    return (
      <Page title={t('interventions.title')} above={above}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={320} />
        )}
      </Page>
    )
  }
  const { kind, state, scope } = intervention
  const heading = t(`interventions.heading.${state === 'preview' ? 'preview' : 'record'}.${kind}`)
  return (
    <Page
      title={heading}
      above={above}
      lead={scopeText(scope)}
      actions={<Badge tone={stateTones[state]}>{t(`interventions.states.${state}`)}</Badge>}
    >
      {state === 'preview' ? <PreviewPart preview={intervention} /> : <RecordPart record={intervention} />}
      <InterventionLicenses intervention={intervention} />
    </Page>
  )
}
