import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { GroupSelect } from '../groups/group-select.tsx'
import type { DraftGroup } from './draft.ts'
import { PlanDialog } from './plan-dialog.tsx'
import { type AskedPlan, type ChosenAsset, usePlanForMany } from './queries.ts'
import type { Wish } from './terms.ts'
import { WishSelect } from './wish-select.tsx'

interface AssignManyProps {
  readonly assets: readonly ChosenAsset[]
  readonly onSaved: () => void
  readonly onClose: () => void
}

/** Assigns several apps and books to one group: one plan shows what changes for all of them (A4). */
export function AssignMany({ assets, onSaved, onClose }: AssignManyProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [group, setGroup] = useState<DraftGroup | null>(null)
  const [wish, setWish] = useState<Wish>('required')
  const [asked, setAsked] = useState<AskedPlan | null>(null)
  const plan = usePlanForMany()
  const of = { count: assets.length, shown: number(assets.length) }
  const saved = () => {
    notifications.show({ message: t('assignments.many.saved', { ...of, group: group?.name ?? '' }) })
    onSaved()
  }
  if (asked !== null) {
    return <PlanDialog asked={asked} onPlan={setAsked} onSaved={saved} onClose={() => setAsked(null)} />
  }
  return (
    <Dialog onClose={onClose} size="lg" title={t('assignments.many.title', of)}>
      <Stack>
        <Text size="sm">{t('assignments.many.lead')}</Text>
        {plan.isError && <ProblemAlert title={t('assignments.plan_failed')} error={plan.error} />}
        <Group gap="sm" align="flex-end">
          <GroupSelect label={t('assignments.many.group')} onChoose={setGroup} />
          <WishSelect wish={wish} onChange={setWish} />
        </Group>
        <Text size="sm" c="dimmed">
          {assets.map(({ name }) => name).join(', ')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            disabled={group === null}
            loading={plan.isPending}
            onClick={() => group !== null && plan.mutate({ assets, group, wish }, { onSuccess: setAsked })}
          >
            {t('assignments.see_plan')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
