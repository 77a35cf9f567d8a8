import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconLink, IconRefresh, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Join, UserDetail } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useInvitation, useRetry } from './queries.ts'

const tones: Readonly<Record<Join['state'], Tone>> = {
  not_registered: 'neutral',
  registering: 'info',
  waiting_to_join: 'warn',
  joined: 'good',
  refused: 'bad',
  retired: 'neutral',
}

/** How far a person is at each location, with the invitation and what Apple refused (U1). */
export function Joins({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation()
  if (user.joins.length === 0)
    return (
      <Card flush>
        <Empty icon={<IconUsers />} title={t('people.none')}>
          {t('people.none_hint')}
        </Empty>
      </Card>
    )
  return (
    <Stack gap="lg">
      {user.joins.map((join) => (
        <JoinCard key={join.token.id} userId={user.id} join={join} />
      ))}
    </Stack>
  )
}

interface JoinProps {
  readonly userId: number
  readonly join: Join
}

function JoinCard({ userId, join }: JoinProps) {
  const { t } = useTranslation()
  const { dateTime, number } = useFormats()
  return (
    <Card title={join.token.name}>
      <Stack>
        <Facts>
          <Fact label={t('people.state')}>
            <Badge tone={tones[join.state]}>{t(`people.states.${join.state}`)}</Badge>
          </Fact>
          <Fact label={t('people.known')}>
            {join.registeredAt === null ? null : dateTime(join.registeredAt)}
          </Fact>
          <Fact label={t('people.email')}>{join.email}</Fact>
          <Fact label={t('people.licenses')}>{number(join.licenses)}</Fact>
          {join.deviceInvitation !== null && (
            <Fact label={t('people.on_device')}>
              <AskedOnDevice invitation={join.deviceInvitation} />
            </Fact>
          )}
          <Fact label={t('people.token')}>
            <TextLink to="/tokens/$id" params={{ id: join.token.id }} inherit>
              {join.token.name}
            </TextLink>
          </Fact>
        </Facts>
        {join.problem !== null && <Problem userId={userId} tokenId={join.token.id} problem={join.problem} />}
        {join.invited && <Invitation userId={userId} tokenId={join.token.id} />}
      </Stack>
    </Card>
  )
}

/** What became of the last question on a device; that it was shown is not that the person accepted. */
function AskedOnDevice({ invitation }: { readonly invitation: NonNullable<Join['deviceInvitation']> }) {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const { deviceId, deviceName, state, result, askedAt, answeredAt } = invitation
  return (
    <Stack gap={2} align="start">
      <Text size="sm" inherit>
        {t(`people.asked.${state}`, {
          at: dateTime(answeredAt ?? askedAt),
          word: result ?? t('people.no_word'),
        })}
      </Text>
      {deviceId !== null && (
        <TextLink to="/devices/$id" params={{ id: deviceId }} inherit>
          {deviceName}
        </TextLink>
      )}
      {invitation.errors.map(({ domain, code, text }) => (
        <Text key={`${domain} ${code}`} size="sm" c="dimmed">
          {text} ({domain} {code})
        </Text>
      ))}
    </Stack>
  )
}

interface ProblemProps {
  readonly userId: number
  readonly tokenId: number
  readonly problem: NonNullable<Join['problem']>
}

function Problem({ userId, tokenId, problem }: ProblemProps) {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const retry = useRetry()
  const { code, errorNumber, again } = problem
  const says = code === 'other' ? problem.says : t(`people.problems.${code}.says`)
  return (
    <Stack gap="xs">
      <Text size="sm">
        {says} {errorNumber !== null && t('people.number', { number: errorNumber })}
      </Text>
      <Text size="sm">{t(`people.problems.${code}.advice`)}</Text>
      <Text size="sm" c="dimmed">
        {again === null ? t('people.again_when_changed') : t('people.again', { at: dateTime(again) })}
      </Text>
      {retry.isError && <ProblemAlert error={retry.error} />}
      <Group>
        <Button
          variant="default"
          loading={retry.isPending}
          leftSection={<IconRefresh size={16} aria-hidden="true" />}
          onClick={() => retry.mutate({ id: userId, tokenId })}
        >
          {t('people.retry')}
        </Button>
      </Group>
    </Stack>
  )
}

function Invitation({ userId, tokenId }: { readonly userId: number; readonly tokenId: number }) {
  const { t } = useTranslation()
  const invitation = useInvitation()
  if (invitation.data === undefined)
    return (
      <Stack gap="xs">
        {invitation.isError && <ProblemAlert error={invitation.error} />}
        <Group>
          <Button
            variant="default"
            loading={invitation.isPending}
            leftSection={<IconLink size={16} aria-hidden="true" />}
            onClick={() => invitation.mutate({ id: userId, tokenId })}
          >
            {t('people.show_invitation')}
          </Button>
        </Group>
      </Stack>
    )
  return (
    <Stack gap="xs">
      <Text size="sm">{t('people.invitation_hint')}</Text>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {invitation.data}
      </Code>
      <Group>
        <CopyButton value={invitation.data}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={
                copied ? (
                  <IconCheck size={16} aria-hidden="true" />
                ) : (
                  <IconCopy size={16} aria-hidden="true" />
                )
              }
            >
              {t(copied ? 'people.copied' : 'people.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  )
}
