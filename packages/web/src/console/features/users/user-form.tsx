import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { usePutUser } from './queries.ts'

/** Adds a user, or changes the one with this user name. */
export function UserForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const put = usePutUser()
  const form = useForm({
    initialValues: { userName: '', name: '', email: '', department: '' },
    validate: {
      userName: (userName) => (userName.trim() === '' ? t('users.user_name_missing') : null),
      email: (email) =>
        email.trim() === '' || /^\S+@\S+$/.test(email.trim()) ? null : t('setup.email_wrong'),
    },
  })
  const save = form.onSubmit(({ userName, name, email, department }) =>
    put.mutate(
      {
        userName: userName.trim(),
        name: name.trim(),
        email: email.trim() === '' ? null : email.trim(),
        department: department.trim() === '' ? null : department.trim(),
      },
      {
        onSuccess: (user) => {
          notifications.show({ message: t('users.saved', { name: user.name || user.userName }) })
          onClose()
        },
      },
    ),
  )
  return (
    <Dialog onClose={onClose} title={t('users.add')}>
      <form onSubmit={save} noValidate>
        <Stack>
          {put.isError && <ProblemAlert error={put.error} />}
          <TextInput
            label={t('users.fields.user_name')}
            description={t('users.fields.user_name_hint')}
            data-autofocus
            {...form.getInputProps('userName')}
          />
          <TextInput label={t('users.fields.name')} {...form.getInputProps('name')} />
          <TextInput label={t('users.columns.email')} type="email" {...form.getInputProps('email')} />
          <TextInput label={t('users.columns.department')} {...form.getInputProps('department')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={put.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
