import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Entrance } from './entrance.tsx'
import { useSignIn } from './session.ts'

/** Signs an administrator in and goes on to where they wanted to go (P1). */
export function SignInPage() {
  const { t } = useTranslation()
  const { next } = useSearch({ from: '/sign-in' })
  const signIn = useSignIn(next ?? '/')
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (email.trim() === '' ? t('sign_in.email_missing') : null),
      password: (password) => (password === '' ? t('sign_in.password_missing') : null),
    },
  })
  return (
    <Entrance title={t('sign_in.title')} lead={t('sign_in.lead')}>
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
        <Stack>
          {signIn.isError && <ProblemAlert title={t('sign_in.failed')} error={signIn.error} />}
          <TextInput
            label={t('sign_in.email')}
            type="email"
            autoComplete="username"
            autoFocus
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('sign_in.password')}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('sign_in.show_password') }}
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={signIn.isPending} mt="xs">
            {t('sign_in.button')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  )
}
