import { Button, Code, CopyButton, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useCreateApiKey } from './queries.ts'

const lifetimes = ['30', '90', '365'] as const

/** Makes an API key and shows it once. */
export function NewApiKey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const create = useCreateApiKey()
  const form = useForm({
    initialValues: { name: '', days: '365' },
    validate: { name: (name) => (name.trim() === '' ? t('settings.name_missing') : null) },
  })
  const made = create.data
  return (
    <Dialog onClose={onClose} title={t('settings.add')} closeOnClickOutside={made === undefined}>
      {made === undefined ? (
        <form
          noValidate
          onSubmit={form.onSubmit(({ name, days }) =>
            create.mutate({ name: name.trim(), days: days === '' ? null : Number(days) }),
          )}
        >
          <Stack>
            {create.isError && <ProblemAlert error={create.error} />}
            <TextInput
              label={t('settings.columns.name')}
              description={t('settings.name_hint')}
              data-autofocus
              {...form.getInputProps('name')}
            />
            <NativeSelect
              label={t('settings.lifetime')}
              data={[
                ...lifetimes.map((value) => ({ value, label: t('settings.days', { count: Number(value) }) })),
                { value: '', label: t('settings.never_expires') },
              ]}
              {...form.getInputProps('days')}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={create.isPending}>
                {t('settings.make')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <Notice tone="info" role="status" title={t('settings.once_title')}>
            {t('settings.once')}
          </Notice>
          <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {made.key}
          </Code>
          <Group justify="flex-end">
            <CopyButton value={made.key}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  onClick={copy}
                  leftSection={
                    copied ? (
                      <IconCheck size={16} aria-hidden="true" />
                    ) : (
                      <IconCopy size={16} aria-hidden="true" />
                    )
                  }
                >
                  {t(copied ? 'settings.copied' : 'settings.copy')}
                </Button>
              )}
            </CopyButton>
            <Button onClick={onClose}>{t('common.done')}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
