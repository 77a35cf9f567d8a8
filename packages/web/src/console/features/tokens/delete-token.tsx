import { Button, Group, Radio, Skeleton, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Deletion, Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { Live } from '../../../shared/ui/live.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { DeletionPreview } from './deletion-preview.tsx'
import { deletionQuery, useStartDeletion } from './queries.ts'
import { useStateName } from './token-state.tsx'

interface DeleteTokenProps {
  readonly token: Token
  readonly onClose: () => void
}

type Preview = NonNullable<Deletion['preview']>

/** T6: shows exactly what deleting a token does, and asks for its name. */
export function DeleteToken({ token, onClose }: DeleteTokenProps) {
  const { t } = useTranslation()
  const query = useQuery(deletionQuery(token.id))
  const preview = query.data?.preview ?? null
  return (
    <Dialog
      onClose={onClose}
      title={t('token_care.deletion.title', { name: token.name })}
      size="lg"
      closeOnClickOutside={false}
    >
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {preview === null ? (
        <>
          <Live>{t('token_care.deletion.reading')}</Live>
          <Skeleton height={220} />
        </>
      ) : (
        <DeletionForm token={token} preview={preview} onClose={onClose} />
      )}
    </Dialog>
  )
}

function DeletionForm({ token, preview, onClose }: DeleteTokenProps & { readonly preview: Preview }) {
  const { t, i18n } = useTranslation()
  const stateName = useStateName()
  const { number } = useFormats()
  const start = useStartDeletion(token.id)
  const canRelease = preview.cannotRelease === null
  const form = useForm<{ name: string; licenses: 'release' | 'leave' }>({
    initialValues: { name: '', licenses: canRelease && preview.licenses.ours > 0 ? 'release' : 'leave' },
    validate: { name: (name) => (name.trim() === token.name ? null : t('token_care.deletion.wrong_name')) },
  })
  const begin = form.onSubmit(({ name, licenses }) =>
    start.mutate(
      { name: name.trim(), licenses },
      {
        onSuccess: () => {
          notifications.show({ message: t('token_care.deletion.started') })
          onClose()
        },
      },
    ),
  )
  return (
    <form onSubmit={begin} noValidate>
      <Stack gap="lg">
        <DeletionPreview preview={preview} />
        {preview.cannotRelease !== null && preview.licenses.ours > 0 && (
          <Notice tone="warn">
            {t('token_care.deletion.cannot_release', {
              reason: i18n.language === 'en' ? preview.cannotRelease : stateName(token.state),
            })}
          </Notice>
        )}
        {preview.licenses.ours > 0 && (
          <Radio.Group label={t('token_care.deletion.choice')} {...form.getInputProps('licenses')}>
            <Stack gap="xs" mt="xs">
              <Radio
                value="release"
                disabled={!canRelease}
                label={t('token_care.deletion.release')}
                description={t('token_care.deletion.release_hint', {
                  days: number(preview.appsStopAfterDays),
                })}
              />
              <Radio
                value="leave"
                label={t('token_care.deletion.leave')}
                description={t('token_care.deletion.leave_hint')}
              />
            </Stack>
          </Radio.Group>
        )}
        <TextInput
          label={t('token_care.deletion.type_name', { name: token.name })}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        {start.isError && <ProblemAlert error={start.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red.8" type="submit" loading={start.isPending}>
            {t('token_care.deletion.button')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
