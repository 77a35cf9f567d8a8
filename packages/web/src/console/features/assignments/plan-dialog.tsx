import { Button, Group, Stack } from '@mantine/core'
import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { PlanOutcome } from './plan-outcome.tsx'
import { type AskedPlan, useSavePlan } from './queries.ts'

interface PlanDialogProps {
  readonly asked: AskedPlan
  /** Gets the focus back when the dialog closes. */
  readonly returnTo: RefObject<HTMLElement | null>
  /** Told of the new plan when the facts have changed since the first. */
  readonly onPlan: (asked: AskedPlan) => void
  readonly onSaved: (asked: AskedPlan) => void
  readonly onClose: () => void
}

/** A4: what saving will do, shown before it is done. */
export function PlanDialog({ asked, returnTo, onPlan, onSaved, onClose }: PlanDialogProps) {
  const { t } = useTranslation()
  const [cause, setCause] = useState<'moved' | 'expired' | null>(null)
  const save = useSavePlan((outcome) => {
    if (outcome.saved) return onSaved(outcome.asked)
    setCause(outcome.cause)
    onPlan(outcome.asked)
  })
  return (
    <Dialog returnTo={returnTo} onClose={onClose} size="xl" title={t('plan.title')}>
      <Stack gap="lg">
        {cause !== null && (
          <Notice tone="warn" role="alert" title={t(`plan.${cause}_title`)}>
            {t('plan.look_again')}
          </Notice>
        )}
        <PlanOutcome outcome={asked.plan.outcome} />
        {save.isError && <ProblemAlert title={t('plan.save_failed')} error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('plan.back')}
          </Button>
          <Button onClick={() => save.mutate(asked)} loading={save.isPending} data-autofocus>
            {t('plan.save')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
