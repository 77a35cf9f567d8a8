import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useRemoveFromManagement } from './queries.ts'

interface RemoveFromManagementProps {
  readonly enrollmentId: number
  /** What has to be typed: the name of the device, or its serial number when it has none. */
  readonly name: string
  readonly onClose: () => void
}

/**
 * Takes a device out of management once its name was typed. Only apps whose assignment says that they are removed when
 * management ends go with it; coming back takes a new enrollment.
 */
export function RemoveFromManagement({ enrollmentId, name, onClose }: RemoveFromManagementProps) {
  const { t } = useTranslation()
  const remove = useRemoveFromManagement()
  const form = useForm({
    initialValues: { confirmName: '' },
    validate: {
      confirmName: (typed) => (typed.trim() === name.trim() ? null : t('management.remove_wrong')),
    },
  })
  const confirm = form.onSubmit(({ confirmName }) =>
    remove.mutate(
      { enrollmentId, confirmName: confirmName.trim() },
      {
        onSuccess: () => {
          notifications.show({ message: t('management.removed', { name }) })
          onClose()
        },
      },
    ),
  )
  return (
    <Dialog title={t('management.remove_title', { name })} onClose={onClose}>
      <form noValidate onSubmit={confirm}>
        <Stack>
          <Text size="sm">{t('management.remove_text')}</Text>
          {remove.isError && <ProblemAlert error={remove.error} />}
          <TextInput
            label={t('management.remove_name', { name })}
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('confirmName')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" color="red.8" loading={remove.isPending}>
              {t('management.remove')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
