import { Button, Drawer, Skeleton, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { InstallStep } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { DeviceWords, useCauseText } from './cause.tsx'
import { InstallBadge } from './install-badge.tsx'
import styles from './installs.module.css'
import { type AppOfDevice, installStepsQuery } from './queries.ts'

interface InstallHistoryProps {
  readonly app: AppOfDevice
  readonly title: string
  readonly onClose: () => void
}

/** Every state that an app was in on a device, the latest first, beside the page. */
export function InstallHistory({ app, title, onClose }: InstallHistoryProps) {
  const { t } = useTranslation()
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 650, fontSize: '1.125rem' } }}
    >
      <InstallSteps app={app} />
    </Drawer>
  )
}

/** The same as part of a page. */
export function InstallSteps({ app }: { readonly app: AppOfDevice }) {
  const { t } = useTranslation()
  const result = useInfiniteQuery(installStepsQuery(app))
  if (result.isPending) return <Skeleton height={200} />
  if (result.isError) return <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />
  const steps = result.data.pages.flatMap(({ items }) => items)
  if (steps.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('installs.no_history')}
      </Text>
    )
  }
  return (
    <Stack>
      <ol className={styles.steps} aria-label={t('installs.history')}>
        {steps.map((step) => (
          <Step key={`${step.at} ${step.state} ${step.cause.code}`} step={step} />
        ))}
      </ol>
      {result.hasNextPage && (
        <Button
          variant="default"
          loading={result.isFetchingNextPage}
          onClick={() => void result.fetchNextPage()}
        >
          {t('common.load_more')}
        </Button>
      )}
    </Stack>
  )
}

function Step({ step: { at, state, cause } }: { readonly step: InstallStep }) {
  const { dateTime, relative } = useFormats()
  const causeText = useCauseText()
  return (
    <li className={styles.step}>
      <div className={styles.head}>
        <InstallBadge state={state} />
        <Text size="xs" c="dimmed" span title={relative(at)}>
          {dateTime(at)}
        </Text>
      </div>
      <Text size="sm" mt={2}>
        {causeText(cause)}
      </Text>
      <DeviceWords cause={cause} />
    </li>
  )
}
