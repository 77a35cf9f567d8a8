import { Collapse, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { type ServiceConfig, serviceConfigQuery } from './queries.ts'
import styles from './tokens.module.css'

/** S4, T7: what Apple says of the location, and what it publishes for all: limits, addresses, error numbers. */
export function AppleSays({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const { country, dateTime, relative } = useFormats()
  const [open, { toggle }] = useDisclosure(false)
  const Chevron = open ? IconChevronDown : IconChevronRight
  const { appleCountry, lastAnswerAt, lastNotificationAt, websiteUrl } = token
  return (
    <Card title={t('token_care.apple.title')}>
      <Stack gap="md">
        <Facts>
          <Fact label={t('token_care.apple.country')}>
            {appleCountry === null ? null : country(appleCountry)}
            {appleCountry !== null && appleCountry !== token.country && (
              <Text size="xs" c="dimmed">
                {t('token_care.apple.differs', { country: country(token.country) })}
              </Text>
            )}
          </Fact>
          <Fact label={t('token_care.apple.website')}>{websiteUrl?.replace(/^https:\/\//, '') ?? null}</Fact>
          <Fact label={t('token_care.apple.last_answer')}>
            {lastAnswerAt === null ? (
              t('token_care.apple.never')
            ) : (
              <span title={dateTime(lastAnswerAt)}>{relative(lastAnswerAt)}</span>
            )}
          </Fact>
          <Fact label={t('token_care.notifications.last')}>
            {lastNotificationAt === null ? (
              t('token_care.notifications.never')
            ) : (
              <span title={dateTime(lastNotificationAt)}>{relative(lastNotificationAt)}</span>
            )}
          </Fact>
        </Facts>
        <UnstyledButton onClick={toggle} aria-expanded={open} className={styles.toggle ?? ''}>
          <Chevron size={16} aria-hidden="true" />
          {t('token_care.apple.show')}
        </UnstyledButton>
        <Collapse expanded={open}>{open && <Published />}</Collapse>
      </Stack>
    </Card>
  )
}

function Published() {
  const query = useQuery(serviceConfigQuery)
  if (query.isError) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Skeleton height={160} />
  return <ServiceConfigLists config={query.data} />
}

function ServiceConfigLists({ config }: { readonly config: ServiceConfig }) {
  const { t } = useTranslation()
  const { number, exactTime } = useFormats()
  const limits = config.limits.map(({ name, value }) => [name, number(value)] as const)
  return (
    <Stack gap="md">
      <Text size="xs" c="dimmed" className="numbers">
        {t('token_care.apple.read', { time: exactTime(config.readAt) })}
        {config.isStale && ` · ${t('token_care.apple.stale')}`}
      </Text>
      <Pairs
        title={t('token_care.apple.limits')}
        pairs={[...limits, [t('token_care.apple.lanes'), number(config.lanes)]]}
      />
      <Pairs
        title={t('token_care.apple.urls')}
        pairs={config.urls.map(({ name, url }) => [name, url] as const)}
      />
      <Pairs
        title={t('token_care.apple.errors')}
        pairs={config.errors.map((error) => [String(error.number), error.message] as const)}
      />
    </Stack>
  )
}

function Pairs({
  title,
  pairs,
}: {
  readonly title: string
  readonly pairs: readonly (readonly [string, string])[]
}) {
  return (
    <section aria-label={title}>
      <Text component="h3" size="sm" fw={600} mb={6}>
        {title}
      </Text>
      <dl className={styles.pairs}>
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
