import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asset, Plan } from '../../../shared/api/shapes.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Arrival } from './arrival.tsx'
import { DraftEditor } from './draft-editor.tsx'
import { assignmentsQuery } from './queries.ts'
import { termsOf } from './terms.ts'

/** Which groups get this asset; edited as a draft, planned, then saved (A2, A4). */
export function Assignments({ asset }: { readonly asset: Asset }) {
  const { t } = useTranslation()
  const assignments = useQuery(assignmentsQuery(asset.id))
  const [saved, setSaved] = useState<Plan | null>(null)
  if (assignments.isPending) return <Skeleton height={220} />
  if (assignments.isError) {
    return <ProblemAlert error={assignments.error} onRetry={() => void assignments.refetch()} />
  }
  // A draft begins from what is saved, so it begins anew when that changed.
  const version = JSON.stringify(assignments.data.map((each) => [each.id, termsOf(each)]))
  return (
    <>
      {saved !== null && (
        <Arrival key={saved.id} assetId={asset.id} plan={saved} onClose={() => setSaved(null)} />
      )}
      <Card title={t('assignments.title')} flush>
        <DraftEditor key={version} asset={asset} assignments={assignments.data} onSaved={setSaved} />
      </Card>
    </>
  )
}
