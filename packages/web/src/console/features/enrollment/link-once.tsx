import { Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'

interface LinkOnceProps {
  readonly address: string
  readonly onClose: () => void
}

/** A link that was just made, this once. */
export function LinkOnce({ address, onClose }: LinkOnceProps) {
  const { t } = useTranslation()
  return (
    <Dialog onClose={onClose} title={t('enrollment.links.new_title')} closeOnClickOutside={false}>
      <Stack>
        <Notice tone="info" role="status" title={t('enrollment.links.once_title')}>
          {t('enrollment.links.once')}
        </Notice>
        <Code
          block
          aria-label={t('enrollment.links.address')}
          style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
          data-address=""
        >
          {address}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={address}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                onClick={copy}
                data-autofocus
                leftSection={
                  copied ? (
                    <IconCheck size={16} aria-hidden="true" />
                  ) : (
                    <IconCopy size={16} aria-hidden="true" />
                  )
                }
              >
                {t(copied ? 'enrollment.links.copied' : 'enrollment.links.copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t('common.done')}</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
