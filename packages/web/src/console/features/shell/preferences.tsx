import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { isLanguage, type Language, languages, speak } from '../../../shared/i18n/i18n.ts'

const schemes = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop } as const
const schemeNames = ['light', 'dark', 'auto'] as const

/** Light, dark, or as the system says. */
export function SchemeMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Present = schemes[colorScheme]
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.scheme')}>
          <Present size={19} stroke={1.7} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemeNames.map((name) => {
          const Icon = schemes[name]
          return (
            <Menu.Item
              key={name}
              leftSection={<Icon size={16} aria-hidden="true" />}
              rightSection={name === colorScheme && <IconCheck size={14} aria-label={t('common.chosen')} />}
              onClick={() => setColorScheme(name)}
            >
              {t(`shell.schemes.${name}`)}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}

interface LanguageMenuProps {
  /** Told after the console speaks the language that was chosen. */
  readonly onChosen?: (language: Language) => void
}

/** The language of the console (P5), each in its own name. */
export function LanguageMenu({ onChosen }: LanguageMenuProps) {
  const { t, i18n } = useTranslation()
  const choose = async (code: string) => {
    if (!isLanguage(code)) return
    await speak(code)
    onChosen?.(code)
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.language')}>
          <IconLanguage size={19} stroke={1.7} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(languages).map(([code, name]) => (
          <Menu.Item
            key={code}
            lang={code}
            rightSection={code === i18n.language && <IconCheck size={14} aria-label={t('common.chosen')} />}
            onClick={() => void choose(code)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
