import { Stack, Stepper } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenInspection } from '../../../shared/api/shapes.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { FileDrop } from '../../../shared/ui/file-drop.tsx'
import { Live } from '../../../shared/ui/live.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { ConfirmToken } from './confirm-token.tsx'
import { useInspectToken } from './queries.ts'

interface Inspected {
  readonly content: string
  readonly inspection: TokenInspection
}

/** T1: choose the file, see what it opens, confirm, and follow the first sync. */
export function AddTokenPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [file, setFile] = useState<File | null>(null)
  const [inspected, setInspected] = useState<Inspected | null>(null)
  const inspect = useInspectToken()

  const take = async (chosen: File) => {
    setFile(chosen)
    setInspected(null)
    const content = await chosen.text()
    inspect.mutate(content, { onSuccess: (inspection) => setInspected({ content, inspection }) })
  }

  return (
    <Page
      title={t('tokens.add')}
      above={{ label: t('tokens.title'), to: '/tokens' }}
      lead={t('tokens.add_lead')}
    >
      <Stack maw="48rem" gap="lg">
        <Stepper active={inspected === null ? 0 : 1} size="sm" allowNextStepsSelect={false} wrap>
          <Stepper.Step label={t('tokens.steps.file')} />
          <Stepper.Step label={t('tokens.steps.confirm')} />
          <Stepper.Step label={t('tokens.steps.sync')} />
        </Stepper>
        <Card>
          <FileDrop
            accept=".vpptoken"
            prompt={t('tokens.drop')}
            button={t(file === null ? 'tokens.choose' : 'tokens.choose_other')}
            hint={t('tokens.where')}
            file={file}
            disabled={inspect.isPending}
            onFile={(chosen) => void take(chosen)}
          />
          <Live>{inspect.isPending ? t('tokens.inspecting') : ''}</Live>
        </Card>
        {inspect.isError && <ProblemAlert title={t('tokens.refused')} error={inspect.error} />}
        {inspected !== null && (
          <ConfirmToken
            key={inspected.content}
            {...inspected}
            onAdded={({ id }) => void navigate({ to: '/tokens/$id', params: { id } })}
          />
        )}
      </Stack>
    </Page>
  )
}
