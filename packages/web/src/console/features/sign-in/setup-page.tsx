import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Entrance } from './entrance.tsx'
import { useSetup } from './session.ts'

/** The server accepts no shorter one. */
const shortestPassword = 12

/** Creates the first administrator. The code comes with the link that the server printed at its start. */
export function SetupPage() {
  const { t } = useTranslation()
  const setup = useSetup()
  const codeInLink = useLocation({ select: ({ hash }) => hash })
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '', name: '', email: '', password: '' },
    validate: {
      code: (code) => (codeInLink === '' && code.trim() === '' ? t('setup.code_missing') : null),
      name: (name) => (name.trim() === '' ? t('setup.name_missing') : null),
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('setup.email_wrong')),
      password: (password) =>
        password.length < shortestPassword ? t('setup.password_short', { count: shortestPassword }) : null,
    },
  })
  return (
    <Entrance title={t('setup.title')} lead={t('setup.lead')}>
      <form
        onSubmit={form.onSubmit((values) =>
          setup.mutate({ ...values, code: codeInLink || values.code.trim() }),
        )}
        noValidate
      >
        <Stack>
          {setup.isError && <ProblemAlert error={setup.error} />}
          {codeInLink === '' && (
            <TextInput
              label={t('setup.code')}
              description={t('setup.code_where')}
              autoComplete="off"
              key={form.key('code')}
              {...form.getInputProps('code')}
            />
          )}
          <TextInput
            label={t('setup.name')}
            autoComplete="name"
            autoFocus
            key={form.key('name')}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('sign_in.email')}
            type="email"
            autoComplete="username"
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('sign_in.password')}
            description={t('setup.password_rule', { count: shortestPassword })}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('sign_in.show_password') }}
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={setup.isPending} mt="xs">
            {t('setup.button')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  )
}
