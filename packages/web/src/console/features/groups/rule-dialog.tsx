import { Button, Group as Row, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useUpdateGroup } from './queries.ts'
import { newBlock, toDraft, toRule } from './rule-draft.ts'
import { RuleEditor } from './rule-editor.tsx'
import { RulePreview } from './rule-preview.tsx'
import { ruleOf } from './rule-words.ts'

interface RuleDialogProps {
  readonly group: Group
  readonly onClose: () => void
}

/** Writes the rule of a group, with the devices that fit beside it. */
export function RuleDialog({ group, onClose }: RuleDialogProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const known = ruleOf(group)
  const [draft, setDraft] = useState(() => (known === undefined ? newBlock() : toDraft(known)))
  const update = useUpdateGroup(group.id)
  const rule = toRule(draft)
  const save = () => {
    if (rule === undefined) return
    update.mutate(
      { rule },
      {
        onSuccess: () => {
          notifications.show({ message: t('rules.saved', { name: group.name }) })
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      title={t(known === undefined ? 'rules.use' : 'rules.change')}
      size="xl"
      closeOnClickOutside={false}
      onClose={onClose}
    >
      <Stack>
        {update.isError && <ProblemAlert error={update.error} />}
        {known === undefined && group.members > 0 && (
          <Text size="sm">{t('rules.replaces', { count: group.members, shown: number(group.members) })}</Text>
        )}
        <RuleEditor block={draft} level={1} place="" onChange={setDraft} />
        <RulePreview rule={rule} />
        <Row justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button disabled={rule === undefined} loading={update.isPending} onClick={save}>
            {t('common.save')}
          </Button>
        </Row>
      </Stack>
    </Dialog>
  )
}
