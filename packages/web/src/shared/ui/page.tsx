import { Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core'
import { createContext, type ReactNode, use, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { TextLink } from './link.tsx'

/** Where the shell's header shows the way to the page. */
export const CrumbsPlace = createContext<HTMLElement | null>(null)

/** A page above this one. */
interface Crumb {
  readonly label: string
  readonly to: '/tokens' | '/apps' | '/devices' | '/groups' | '/users' | '/take-back'
}

interface PageProps {
  readonly title: string
  /** Shown instead of the title's text, for example with an icon; `title` still names the document. */
  readonly heading?: ReactNode
  readonly lead?: ReactNode
  readonly above?: Crumb
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The address that was shown last, and whether the focus was on its heading when that went away. */
const last = { path: '', hadFocus: false }

/**
 * A page: names the document, shows the way in the header, and takes the focus when it is reached
 * by a link, so that keyboard and screen reader start at its heading.
 */
export function Page({ title, heading, lead, above, actions, children }: PageProps) {
  const headingElement = useRef<HTMLHeadingElement>(null)
  const place = use(CrumbsPlace)
  const { t } = useTranslation()

  // Before the page is painted, so that a heading that replaces the sketched one keeps the focus.
  useLayoutEffect(() => {
    const heading = headingElement.current
    const path = window.location.pathname
    const arrived = last.path !== '' && last.path !== path
    if (arrived || last.hadFocus) heading?.focus({ preventScroll: true })
    last.path = path
    return () => {
      last.hadFocus = document.activeElement === heading
    }
  }, [])

  return (
    <Stack gap="lg">
      <title>{`${title} · Apportion`}</title>
      {place !== null &&
        createPortal(
          <nav aria-label={t('shell.breadcrumb')}>
            <Breadcrumbs separatorMargin={8} fz="sm" className="crumbs">
              {above !== undefined && (
                <TextLink to={above.to} size="sm" activeOptions={{ exact: true }}>
                  {above.label}
                </TextLink>
              )}
              <Text size="sm" c="dimmed" aria-current="page" className="truncate">
                {title}
              </Text>
            </Breadcrumbs>
          </nav>,
          place,
        )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} flex="1 1 18rem" miw={0}>
          <Title order={1} ref={headingElement} tabIndex={-1}>
            {heading ?? title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" maw="44rem">
              {lead}
            </Text>
          )}
        </Stack>
        {actions !== undefined && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}
