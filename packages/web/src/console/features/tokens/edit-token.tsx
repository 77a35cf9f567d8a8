import { Button, Group, NativeSelect, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { EditCountry } from './edit-country.tsx'
import { useUpdateToken } from './queries.ts'
import { hoursDraft, hoursOf, UpdateHours } from './update-hours.tsx'

interface EditTokenProps {
  readonly token: Token
  readonly onClose: () => void
}

/** The intervals that are offered, in minutes; twice a day is the usual one (S1). */
const intervals = [60, 180, 360, 720, 1440]

/** Changes what the administrator said about a token, its store included (T7); what Apple says cannot be changed here. */
export function EditToken({ token, onClose }: EditTokenProps) {
  const { t } = useTranslation()
  const update = useUpdateToken(token.id)
  const form = useForm({
    initialValues: {
      name: token.name,
      account: token.account ?? '',
      automaticUpdates: token.automaticUpdates,
      hours: hoursDraft(token.updateHours),
      syncEveryMinutes: String(token.syncEveryMinutes),
      country: token.country,
      accountType: token.accountType,
    },
    validate: { name: (name) => (name.trim() === '' ? t('tokens.name_missing') : null) },
  })
  const save = form.onSubmit(({ name, account, syncEveryMinutes, hours, ...rest }) =>
    update.mutate(
      {
        name: name.trim(),
        account: account.trim() === '' ? null : account.trim(),
        ...rest,
        updateHours: hoursOf(hours),
        syncEveryMinutes: Number(syncEveryMinutes),
      },
      { onSuccess: onClose },
    ),
  )
  const choices = [...new Set([...intervals, token.syncEveryMinutes])].toSorted((one, other) => one - other)
  return (
    <Dialog onClose={onClose} title={t('tokens.edit_title')}>
      <form onSubmit={save} noValidate>
        <Stack>
          {update.isError && <ProblemAlert error={update.error} />}
          <TextInput label={t('tokens.form.name')} data-autofocus {...form.getInputProps('name')} />
          <TextInput
            label={t('tokens.form.account')}
            description={t('tokens.form.account_hint')}
            {...form.getInputProps('account')}
          />
          <NativeSelect
            label={t('tokens.facts.interval')}
            data={choices.map((minutes) => ({
              value: String(minutes),
              label: t('tokens.every_hours', { count: minutes / 60, shown: String(minutes / 60) }),
            }))}
            {...form.getInputProps('syncEveryMinutes')}
          />
          <EditCountry
            token={token}
            country={form.values.country}
            countryInput={form.getInputProps('country')}
            typeInput={form.getInputProps('accountType')}
          />
          <Switch
            label={t('tokens.form.updates')}
            description={t('tokens.form.updates_hint')}
            {...form.getInputProps('automaticUpdates', { type: 'checkbox' })}
          />
          <UpdateHours draft={form.values.hours} onChange={(hours) => form.setFieldValue('hours', hours)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={update.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
