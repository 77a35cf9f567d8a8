import { ActionIcon, type ActionIconProps, Group, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconListDetails, IconPencil, IconTrash } from '@tabler/icons-react'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/api/shapes.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { problemText } from '../../../shared/ui/problem.tsx'
import { useBegin } from '../interventions/queries.ts'
import { useRemoveUser } from './queries.ts'
import { UserForm } from './user-form.tsx'

type IconAnchorProps = ActionIconProps & Omit<ComponentProps<'a'>, keyof ActionIconProps>

function IconAnchor(props: IconAnchorProps) {
  return <ActionIcon component="a" variant="subtle" color="gray" size="lg" {...props} />
}

const IconLink = createLink(IconAnchor)

/** Changes or removes a person; L6, L13: takes back what a person holds with the person's devices, and leads to the history of both. */
export function UserActions({ user }: { readonly user: User }) {
  const { t, i18n } = useTranslation()
  const begin = useBegin()
  const [editing, edit] = useDisclosure(false)
  const [removing, askRemove] = useDisclosure(false)
  const what = user.name || user.userName
  const history = t('ledger.of', { what })
  const takeBack = t('interventions.take_back_of', { what })
  const start = () =>
    begin.mutate(
      { kind: 'take_back', scope: { userId: user.id } },
      {
        onError: (error) =>
          notifications.show({ color: 'red', message: problemText(error, t, i18n.language) }),
      },
    )
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <ActionButton
        label={t('users.edit_of', { what })}
        icon={<IconPencil size={17} />}
        onClick={edit.open}
      />
      <Tooltip label={history}>
        <IconLink to="/ledger" search={{ userId: user.id }} aria-label={history}>
          <IconListDetails size={17} aria-hidden="true" />
        </IconLink>
      </Tooltip>
      <ActionButton
        label={takeBack}
        icon={<IconArrowBackUp size={17} />}
        loading={begin.isPending}
        onClick={start}
      />
      <ActionButton
        label={t('users.remove_of', { what })}
        icon={<IconTrash size={17} />}
        onClick={askRemove.open}
      />
      {editing && <UserForm user={user} onClose={edit.close} />}
      {removing && <RemoveUser user={user} onClose={askRemove.close} />}
    </Group>
  )
}

interface ActionButtonProps {
  readonly label: string
  readonly icon: ReactNode
  readonly loading?: boolean
  readonly onClick: () => void
}

function ActionButton({ label, icon, loading = false, onClick }: ActionButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        loading={loading}
        onClick={onClick}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}

function RemoveUser({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useRemoveUser()
  const what = user.name || user.userName
  const confirm = () =>
    remove.mutate(user.id, {
      onSuccess: () => {
        notifications.show({ message: t('users.removed', { what }) })
        onClose()
      },
    })
  return (
    <Ask
      title={t('users.remove_title', { what })}
      verb={t('users.remove')}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('users.remove_text')}
    </Ask>
  )
}
