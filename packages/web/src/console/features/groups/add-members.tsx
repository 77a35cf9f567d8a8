import { Button, Group as Row, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { MembersPlan } from '../assignments/members-plan.tsx'
import { usePlan } from '../assignments/queries.ts'
import { pastedNames } from './pasted-names.ts'

interface AddMembersProps {
  readonly group: Group
  readonly onClose: () => void
}

/** Adds members by pasting serial numbers or user names, for example a column of a spreadsheet. */
export function AddMembers({ group, onClose }: AddMembersProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [pasted, setPasted] = useState('')
  const plan = usePlan()
  const names = pastedNames(pasted, group.kind)
  const saved = () => {
    notifications.show({ message: t('plan.members.changed', { name: group.name }) })
    onClose()
  }
  if (plan.data !== undefined) {
    return (
      <MembersPlan
        first={plan.data}
        lead={t('plan.members.joining', {
          count: names.length,
          shown: number(names.length),
          name: group.name,
        })}
        onSaved={saved}
        onClose={plan.reset}
      />
    )
  }
  return (
    <Dialog onClose={onClose} title={t('groups.add_members')}>
      <Stack>
        {plan.isError && <ProblemAlert error={plan.error} />}
        <Textarea
          label={t(`groups.paste.${group.kind}`)}
          description={t('groups.paste_hint')}
          minRows={6}
          rows={8}
          value={pasted}
          onChange={({ currentTarget }) => setPasted(currentTarget.value)}
          data-autofocus
          spellCheck={false}
        />
        <Row justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {t('groups.recognized', { count: names.length, shown: number(names.length) })}
          </Text>
          <Row gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button
              disabled={names.length === 0}
              loading={plan.isPending}
              onClick={() => plan.mutate({ group: { id: group.id, add: [...names], remove: [] } })}
            >
              {t('assignments.see_plan')}
            </Button>
          </Row>
        </Row>
      </Stack>
    </Dialog>
  )
}
