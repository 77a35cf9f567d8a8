import type { GroupRule } from '@apportion/core/directory/group-rule'
import { Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { rulePreviewQuery } from './queries.ts'
import styles from './rule-editor.module.css'
import { ruleText } from './rule-words.ts'

/** Typing goes on within this time; then the devices are asked for. */
const pause = 350

/** Which devices a rule finds now, while it is being written; nothing is saved. */
export function RulePreview({ rule }: { readonly rule: GroupRule | undefined }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [asked] = useDebouncedValue(rule === undefined ? null : JSON.stringify(rule), pause)
  const preview = useQuery({ ...rulePreviewQuery(asked), placeholderData: keepPreviousData })
  if (rule === undefined) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {t('rules.incomplete')}
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      <Text size="sm">{t('rules.sentence', { rule: ruleText(rule, t) })}</Text>
      {preview.isError && <ProblemAlert error={preview.error} onRetry={() => void preview.refetch()} />}
      {/* The line stays, so that a screen reader hears each new count. */}
      <Text
        size="sm"
        fw={600}
        role="status"
        data-fitting={preview.isFetching ? undefined : preview.data?.total}
      >
        {preview.data === undefined
          ? t('common.loading')
          : t('rules.fitting', { count: preview.data.total, shown: number(preview.data.total) })}
      </Text>
      {preview.data?.total === 0 && (
        <Text size="sm" c="dimmed">
          {t('rules.nothing_fits')}
        </Text>
      )}
      {preview.data !== undefined && preview.data.items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
        <section className={styles.devices} tabIndex={0} aria-label={t('rules.preview')}>
          <ul>
            {preview.data.items.map(({ id, serialNumber, name, model }) => (
              <li key={id}>
                <span>{serialNumber}</span>
                <Text span size="sm" c="dimmed">
                  {[name, model].filter((part) => part !== null && part !== '').join(' · ')}
                </Text>
              </li>
            ))}
            {preview.data.total > preview.data.items.length && (
              <li>
                {t('rules.and_more', { shown: number(preview.data.total - preview.data.items.length) })}
              </li>
            )}
          </ul>
        </section>
      )}
    </Stack>
  )
}
