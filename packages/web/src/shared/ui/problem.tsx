import { Problem, Unreachable } from '@apportion/api-client/client'
import { Button, Group, List, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { hasOwn } from '../has-own.ts'
import { en } from '../i18n/en/en.ts'
import { Notice } from './notice.tsx'

/**
 * What went wrong, for a person. The server's own sentence names the thing and its value; where the
 * console speaks another language and knows the code, it says it in that language instead.
 */
export function problemText(error: unknown, t: TFunction, language: string): string {
  if (error instanceof Unreachable) return t('problems.server_unreachable')
  if (!(error instanceof Problem)) return t('problems.unknown')
  return sentenceOf(error, t, language)
}

/** The same for a problem that the API tells of something that runs by itself. */
export function sentenceOf(
  { code, detail }: { readonly code: string; readonly detail: string },
  t: TFunction,
  language: string,
): string {
  const key = code.replaceAll('.', '_')
  return language !== 'en' && hasOwn(en.problems, key) ? t(`problems.${key}`) : detail
}

interface ProblemAlertProps {
  readonly error: unknown
  readonly title?: string
  readonly onRetry?: () => void
}

/** A failure in its place on the page, announced, with a way to try again where that helps. */
export function ProblemAlert({ error, title, onRetry }: ProblemAlertProps) {
  const { t, i18n } = useTranslation()
  const invalid = error instanceof Problem ? error.errors : []
  return (
    <Notice tone="bad" role="alert" title={title ?? t('problems.title')}>
      <Text size="sm">{problemText(error, t, i18n.language)}</Text>
      {invalid.length > 0 && (
        <List size="sm" mt={4}>
          {invalid.slice(0, 5).map(({ path, message }) => (
            <List.Item key={path}>
              {path}: {message}
            </List.Item>
          ))}
        </List>
      )}
      {onRetry !== undefined && (
        <Group mt="sm">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden="true" />}
            onClick={onRetry}
          >
            {t('common.retry')}
          </Button>
        </Group>
      )}
    </Notice>
  )
}
