import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconChevronDown, IconHandStop, IconHeartHandshake } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { problemText } from '../../../shared/ui/problem.tsx'
import { useBegin, type Wish } from './queries.ts'

const items = [
  { kind: 'take_back', icon: IconArrowBackUp },
  { kind: 'free', icon: IconHandStop },
  { kind: 'adopt', icon: IconHeartHandshake },
] as const

/** L6, S5: what one can do by hand to the licenses of a device, an app or a location. Each leads to a preview first. */
export function TakeBackMenu({ scope }: { readonly scope: Wish['scope'] }) {
  const { t, i18n } = useTranslation()
  const begin = useBegin()
  const start = (kind: Wish['kind']) =>
    begin.mutate(
      { kind, scope },
      {
        onError: (error) =>
          notifications.show({ color: 'red', message: problemText(error, t, i18n.language) }),
      },
    )
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          loading={begin.isPending}
          rightSection={<IconChevronDown size={16} aria-hidden="true" />}
        >
          {t('interventions.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ kind, icon: Icon }) => (
          <Menu.Item
            key={kind}
            leftSection={<Icon size={16} aria-hidden="true" />}
            onClick={() => start(kind)}
          >
            {t(`interventions.menu_items.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
