import { Problem } from '@apportion/api-client/client'
import { Button, Checkbox, Group, PasswordInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileDrop } from '../../../shared/ui/file-drop.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { readPushFile } from './push-file.ts'
import { useUploadPushCertificate } from './queries.ts'

/** Takes Apple's certificate; another topic is taken only when that is said once more. */
export function PushUploadForm({ onTaken }: { readonly onTaken: () => void }) {
  const { t } = useTranslation()
  const upload = useUploadPushCertificate()
  const [file, choose] = useState<File | null>(null)
  const [password, type] = useState('')
  const [newTopic, allow] = useState(false)
  const isOtherTopic = upload.error instanceof Problem && upload.error.code === 'push.another_topic'
  const take = async () => {
    if (file === null) return
    const body = { ...(await readPushFile(file, password)), newTopic }
    upload.mutate(body, {
      onSuccess: ({ renewed }) => {
        notifications.show({ message: t(renewed ? 'enrollment.push.renewed' : 'enrollment.push.taken') })
        onTaken()
      },
    })
  }
  return (
    <Stack gap="sm">
      <FileDrop
        accept=".pem,.cer,.crt,.p12,.pfx"
        prompt={t('enrollment.push.drop')}
        button={t(file === null ? 'enrollment.push.choose' : 'enrollment.push.choose_other')}
        file={file}
        disabled={upload.isPending}
        onFile={(chosen) => {
          choose(chosen)
          upload.reset()
        }}
      />
      {file !== null && (
        <PasswordInput
          label={t('enrollment.push.password')}
          description={t('enrollment.push.password_hint')}
          autoComplete="off"
          value={password}
          onChange={({ currentTarget }) => type(currentTarget.value)}
        />
      )}
      {upload.isError && <ProblemAlert error={upload.error} />}
      {(isOtherTopic || newTopic) && (
        <Checkbox
          label={t('enrollment.push.another_topic')}
          checked={newTopic}
          onChange={({ currentTarget }) => allow(currentTarget.checked)}
        />
      )}
      <Group>
        <Button disabled={file === null} loading={upload.isPending} onClick={() => void take()}>
          {t('enrollment.push.upload')}
        </Button>
      </Group>
    </Stack>
  )
}
