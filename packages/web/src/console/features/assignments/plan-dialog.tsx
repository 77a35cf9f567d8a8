import { Button, Group, Stack } from '@mantine/core'
import { type ReactNode, type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { PlanDifference } from './plan-difference.tsx'
import { PlanOutcome } from './plan-outcome.tsx'
import { PlanRowsDrawer } from './plan-rows-drawer.tsx'
import { type AskedPlan, type PlanPart, useSavePlan } from './queries.ts'

interface PlanDialogProps {
  readonly asked: AskedPlan
  /** What is planned, where the page does not say it. */
  readonly lead?: ReactNode
  /** Gets the focus back when the dialog closes. */
  readonly returnTo?: RefObject<HTMLElement | null>
  /** Told of the new plan when the facts have changed since the first. */
  readonly onPlan: (asked: AskedPlan) => void
  readonly onSaved: (asked: AskedPlan) => void
  readonly onClose: () => void
}

/** Why nothing was saved, and the plan that was looked at then. */
interface NotSaved {
  readonly cause: 'moved' | 'expired'
  readonly before: Plan
}

/** A4: what saving will do, shown before it is done. */
export function PlanDialog({ asked, lead, returnTo, onPlan, onSaved, onClose }: PlanDialogProps) {
  const { t } = useTranslation()
  const [notSaved, setNotSaved] = useState<NotSaved | null>(null)
  const [listed, list] = useState<PlanPart | null>(null)
  const save = useSavePlan((outcome) => {
    if (outcome.saved) return onSaved(outcome.asked)
    setNotSaved({ cause: outcome.cause, before: asked.plan })
    onPlan(outcome.asked)
  })
  return (
    <Dialog
      {...(returnTo === undefined ? {} : { returnTo })}
      onClose={onClose}
      closeOnEscape={listed === null}
      size="xl"
      title={t('plan.title')}
    >
      <Stack gap="lg">
        {notSaved !== null && (
          <Notice tone="warn" role="alert" title={t(`plan.${notSaved.cause}_title`)}>
            {t('plan.look_again')}
            <PlanDifference before={notSaved.before.outcome} now={asked.plan.outcome} />
          </Notice>
        )}
        {lead}
        <PlanOutcome plan={asked.plan} onList={list} />
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
      {listed !== null && <PlanRowsDrawer plan={asked.plan} part={listed} onClose={() => list(null)} />}
    </Dialog>
  )
}
