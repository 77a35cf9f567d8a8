import { Button, Group as Row, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useCreateGroup, useUpdateGroup } from './queries.ts'

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
    create.mutate(
      { kind, name, description },
      { onSuccess: ({ id }) => void navigate({ to: '/groups/$id', params: { id } }) },
    )
  })
  const error = create.error ?? update.error
  return (
    <Dialog onClose={onClose} title={t(group === undefined ? 'groups.add' : 'groups.edit')}>
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
          <Row justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending || update.isPending}>
              {t('common.save')}
            </Button>
          </Row>
        </Stack>
      </form>
    </Dialog>
  )
}
