import { Button, Group, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/api/shapes.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { usePutUser } from './queries.ts'

interface UserFormProps {
  /** The user to change; left out to add one. */
  readonly user?: User
  readonly onClose: () => void
}

/** Adds a user, or changes what is known of one. */
export function UserForm({ user, onClose }: UserFormProps) {
  const { t } = useTranslation()
  const put = usePutUser()
  const form = useForm({
    initialValues: {
      userName: user?.userName ?? '',
      name: user?.name ?? '',
      email: user?.email ?? '',
      department: user?.department ?? '',
      managedAppleAccount: user?.managedAppleAccount ?? '',
      active: user?.active ?? true,
    },
    validate: {
      userName: (userName) => (userName.trim() === '' ? t('users.user_name_missing') : null),
      email: (email) =>
        email.trim() === '' || /^\S+@\S+$/.test(email.trim()) ? null : t('setup.email_wrong'),
    },
  })
  const save = form.onSubmit(({ userName, name, email, department, managedAppleAccount, active }) =>
    put.mutate(
      {
        userName: userName.trim(),
        name: name.trim(),
        email: orNull(email),
        department: orNull(department),
        managedAppleAccount: orNull(managedAppleAccount),
        active,
      },
      {
        onSuccess: (saved) => {
          notifications.show({ message: t('users.saved', { name: saved.name || saved.userName }) })
          onClose()
        },
      },
    ),
  )
  return (
    <Dialog onClose={onClose} title={t(user === undefined ? 'users.add' : 'users.edit')}>
      <form onSubmit={save} noValidate>
        <Stack>
          {put.isError && <ProblemAlert error={put.error} />}
          <TextInput
            label={t('users.fields.user_name')}
            description={user === undefined ? t('users.fields.user_name_hint') : undefined}
            disabled={user !== undefined}
            data-autofocus={user === undefined || undefined}
            {...form.getInputProps('userName')}
          />
          <TextInput label={t('users.fields.name')} {...form.getInputProps('name')} />
          <TextInput label={t('users.columns.email')} type="email" {...form.getInputProps('email')} />
          <TextInput label={t('users.columns.department')} {...form.getInputProps('department')} />
          <TextInput
            label={t('users.fields.managed_account')}
            description={t('users.fields.managed_account_hint')}
            {...form.getInputProps('managedAppleAccount')}
          />
          <Switch
            label={t('users.active')}
            description={t('users.active_hint')}
            {...form.getInputProps('active', { type: 'checkbox' })}
          />
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

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}
