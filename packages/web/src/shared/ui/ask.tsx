import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from './dialog.tsx'
import { ProblemAlert } from './problem.tsx'

interface AskProps {
  readonly title: string
  /** What will happen, and what cannot be undone. */
  readonly children: ReactNode
  /** The verb on the button, for example "Delete group". */
  readonly verb: string
  readonly pending: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something is destroyed. The safe answer has the focus. */
export function Ask({ title, children, verb, pending, error, onConfirm, onClose }: AskProps) {
  const { t } = useTranslation()
  return (
    <Dialog onClose={onClose} title={title}>
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        {error !== null && error !== undefined && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red.8" onClick={onConfirm} loading={pending}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
