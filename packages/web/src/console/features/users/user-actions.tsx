import { ActionIcon, type ActionIconProps, Group, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconListDetails } from '@tabler/icons-react'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/api/shapes.ts'
import { problemText } from '../../../shared/ui/problem.tsx'
import { useBegin } from '../interventions/queries.ts'

type IconAnchorProps = ActionIconProps & Omit<ComponentProps<'a'>, keyof ActionIconProps>

function IconAnchor(props: IconAnchorProps) {
  return <ActionIcon component="a" variant="subtle" color="gray" size="lg" {...props} />
}

const IconLink = createLink(IconAnchor)

/** L6, L13: takes back what a person holds with the person's devices, and leads to the history of both. */
export function UserActions({ user }: { readonly user: User }) {
  const { t, i18n } = useTranslation()
  const begin = useBegin()
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
      <Tooltip label={history}>
        <IconLink to="/ledger" search={{ userId: user.id }} aria-label={history}>
          <IconListDetails size={17} aria-hidden="true" />
        </IconLink>
      </Tooltip>
      <Tooltip label={takeBack}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={takeBack}
          loading={begin.isPending}
          onClick={start}
        >
          <IconArrowBackUp size={17} aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
