import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconChevronDown, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface SyncButtonProps {
  readonly busy: boolean
  readonly underWay: boolean
  /** Nothing is synced while the token is being deleted. */
  readonly disabled?: boolean
  /** `everything`: every license one by one, not only what changed. */
  readonly onSync: (everything: boolean) => void
}

/** S1: sync now; beside it the thorough way, for those who doubt what they see. */
export function SyncButton({ busy, underWay, disabled = false, onSync }: SyncButtonProps) {
  const { t } = useTranslation()
  return (
    <Button.Group>
      <Button
        leftSection={<IconRefresh size={16} aria-hidden="true" />}
        onClick={() => onSync(false)}
        loading={busy}
        disabled={underWay || disabled}
      >
        {t(underWay ? 'tokens.syncing' : 'tokens.sync_now')}
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="filled"
            size={36}
            aria-label={t('tokens.sync_other')}
            disabled={busy || underWay || disabled}
            style={{ borderStartStartRadius: 0, borderEndStartRadius: 0, marginInlineStart: 1 }}
          >
            <IconChevronDown size={16} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onSync(true)}>{t('tokens.sync_everything')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  )
}
