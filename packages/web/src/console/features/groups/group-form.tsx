import { Button, Group as Row, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useCreateGroup, useUpdateGroup } from './queries.ts'
import { type DraftBlock, newBlock, toRule } from './rule-draft.ts'
import { RuleEditor } from './rule-editor.tsx'
import { RulePreview } from './rule-preview.tsx'

interface GroupFormProps {
  /** The group to change; left out to add one. */
  readonly group?: Group
  readonly onClose: () => void
}

/** Adds a group and goes to it, or renames one. */
export function GroupForm({ group, onClose }: GroupFormProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const create = useCreateGroup()
  const update = useUpdateGroup(group?.id ?? 0)
  const [draft, setDraft] = useState<DraftBlock | null>(null)
  const form = useForm({
    initialValues: {
      kind: group?.kind ?? ('device' as const),
      name: group?.name ?? '',
      description: group?.description ?? '',
    },
    validate: { name: (name) => (name.trim() === '' ? t('groups.name_missing') : null) },
  })
  const save = form.onSubmit(({ kind, name, description }) => {
    if (group !== undefined) return update.mutate({ name, description }, { onSuccess: onClose })
    const rule = draft === null || kind === 'user' ? null : toRule(draft)
    if (rule === undefined) return
    create.mutate(
      { kind, name, description, rule },
      { onSuccess: ({ id }) => void navigate({ to: '/groups/$id', params: { id } }) },
    )
  })
  const error = create.error ?? update.error
  const shownDraft = form.values.kind === 'device' ? draft : null
  const isIncomplete = shownDraft !== null && toRule(shownDraft) === undefined
  return (
    <Dialog
      onClose={onClose}
      title={t(group === undefined ? 'groups.add' : 'groups.edit')}
      size={shownDraft === null ? 'md' : 'xl'}
      closeOnClickOutside={shownDraft === null}
    >
      <form onSubmit={save} noValidate>
        <Stack>
          {error !== null && <ProblemAlert error={error} />}
          {group === undefined && (
            <div>
              <Text size="sm" fw={500} mb={4} id="group-kind">
                {t('groups.kind')}
              </Text>
              <SegmentedControl
                aria-labelledby="group-kind"
                fullWidth
                data={[
                  { value: 'device', label: t('groups.of_devices') },
                  { value: 'user', label: t('groups.of_users') },
                ]}
                {...form.getInputProps('kind')}
              />
            </div>
          )}
          <TextInput label={t('groups.columns.name')} data-autofocus {...form.getInputProps('name')} />
          <TextInput label={t('groups.description')} {...form.getInputProps('description')} />
          {group === undefined && form.values.kind === 'device' && (
            <HowMembers draft={draft} onChange={setDraft} />
          )}
          <Row justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={isIncomplete} loading={create.isPending || update.isPending}>
              {t('common.save')}
            </Button>
          </Row>
        </Stack>
      </form>
    </Dialog>
  )
}

interface HowMembersProps {
  /** The rule being written, or null for members picked by hand. */
  readonly draft: DraftBlock | null
  readonly onChange: (draft: DraftBlock | null) => void
}

/** Whether members are picked by hand or found by a rule, which is written here. */
function HowMembers({ draft, onChange }: HowMembersProps) {
  const { t } = useTranslation()
  return (
    <>
      <div>
        <Text size="sm" fw={500} mb={4} id="group-how">
          {t('groups.how')}
        </Text>
        <SegmentedControl
          aria-labelledby="group-how"
          fullWidth
          value={draft === null ? 'hand' : 'rule'}
          data={[
            { value: 'hand', label: t('groups.by_hand') },
            { value: 'rule', label: t('groups.by_rule') },
          ]}
          onChange={(value) => onChange(value === 'rule' ? newBlock() : null)}
        />
      </div>
      {draft !== null && (
        <>
          <RuleEditor block={draft} level={1} place="" onChange={onChange} />
          <RulePreview rule={toRule(draft)} />
        </>
      )}
    </>
  )
}
