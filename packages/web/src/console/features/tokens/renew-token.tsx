import { Problem } from '@apportion/api-client/client'
import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { FileDrop } from '../../../shared/ui/file-drop.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useRenewToken } from './queries.ts'

interface RenewTokenProps {
  readonly token: Token
  readonly onClose: () => void
}

/** T5: puts a newer file in the place of a token; assignments and licenses stay. */
export function RenewToken({ token, onClose }: RenewTokenProps) {
  const { t } = useTranslation()
  const renew = useRenewToken(token.id)
  const [content, setContent] = useState('')
  const take = async (file: File) => {
    const text = await file.text()
    setContent(text)
    send(text, false)
  }
  const send = (file: string, acceptEarlier: boolean) =>
    renew.mutate(
      { content: file, acceptEarlier },
      {
        onSuccess: () => {
          notifications.show({ message: t('tokens.renewed', { name: token.name }) })
          onClose()
        },
      },
    )
  const isEarlier = renew.error instanceof Problem && renew.error.code === 'token.expires_earlier'
  return (
    <Dialog onClose={onClose} title={t('tokens.renew_title', { name: token.name })}>
      <Stack>
        <Text size="sm">{t('tokens.renew_hint')}</Text>
        {renew.isError && (
          <ProblemAlert
            error={renew.error}
            {...(isEarlier ? { title: t('token_care.earlier.title') } : {})}
          />
        )}
        {isEarlier && (
          <Group justify="flex-end">
            <Button variant="default" loading={renew.isPending} onClick={() => send(content, true)}>
              {t('token_care.earlier.use')}
            </Button>
          </Group>
        )}
        <FileDrop
          accept=".vpptoken"
          prompt={t('tokens.drop')}
          button={t('tokens.choose')}
          file={null}
          disabled={renew.isPending}
          onFile={(file) => void take(file)}
        />
      </Stack>
    </Dialog>
  )
}
