import { Button, Group, Progress, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Deletion, Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Live } from '../../../shared/ui/live.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { deletionQuery, useCancelDeletion, useStartDeletion } from './queries.ts'

type Running = NonNullable<Deletion['progress']>

/** T6: how far the deletion of a token is, followed to its end; it can be called off while licenses come back. */
export function DeletionProgress({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useQuery(deletionQuery(token.id))
  const end = query.data?.end ?? null
  useEffect(() => {
    if (end === null) return
    const done = t('token_care.deletion.done', { name: end.name })
    notifications.show({ message: `${done} ${t(`token_care.deletion.claims.${end.claim}`)}` })
    void navigate({ to: '/tokens' })
  }, [end, navigate, t])
  if (query.isError) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
  const progress = query.data?.progress ?? null
  return (
    <Card title={t('token_care.deletion.progress')}>
      {progress === null ? <Skeleton height={90} /> : <Steps token={token} progress={progress} />}
    </Card>
  )
}

function Steps({ token, progress }: { readonly token: Token; readonly progress: Running }) {
  const { t } = useTranslation()
  const { number, relative } = useFormats()
  const { phase, licenses, total, released, releasing, refused, askedAgainAt } = progress
  const comesBack = phase === 'releasing' && licenses === 'release'
  const waits = phase === 'releasing' && licenses === 'leave'
  const name = waits ? t('token_care.deletion.left') : t(`token_care.deletion.phases.${phase}`)
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {t('token_care.deletion.by', { by: progress.by, when: relative(progress.since) })}
        </Text>
      </Group>
      <Progress value={shareDone(progress)} animated={progress.blocked === null} aria-label={name} />
      {comesBack && (
        <Text size="sm" className="numbers">
          {t('token_care.deletion.back', {
            released: number(released),
            total: number(total),
            releasing: number(releasing),
          })}
        </Text>
      )}
      {refused > 0 && (
        <Text size="sm">
          {t('token_care.deletion.refused', {
            count: refused,
            shown: number(refused),
            when: askedAgainAt === null ? '' : relative(askedAgainAt),
          })}
        </Text>
      )}
      <Live>{name}</Live>
      <Choices token={token} progress={progress} />
    </Stack>
  )
}

/** What an administrator can still say. */
function Choices({ token, progress }: { readonly token: Token; readonly progress: Running }) {
  const { t } = useTranslation()
  const start = useStartDeletion(token.id)
  const cancel = useCancelDeletion(token.id)
  const { blocked, mayCancel } = progress
  const error = start.error ?? cancel.error
  const callOff = () =>
    cancel.mutate(undefined, {
      onSuccess: () =>
        notifications.show({ message: t('token_care.deletion.canceled', { name: token.name }) }),
    })
  return (
    <>
      {error !== null && <ProblemAlert error={error} />}
      {blocked !== null && (
        <Notice tone="bad" role="alert" title={t('token_care.deletion.blocked')}>
          {t(`token_care.deletion.blocked_${blocked.why}`)}
        </Notice>
      )}
      {mayCancel && (
        <Group justify="flex-end" gap="sm">
          {blocked !== null && (
            <Button
              color="red.8"
              loading={start.isPending}
              onClick={() => start.mutate({ name: token.name, licenses: 'leave' })}
            >
              {t('token_care.deletion.leave_now')}
            </Button>
          )}
          <Button variant="default" loading={cancel.isPending} onClick={callOff}>
            {t('token_care.deletion.cancel')}
          </Button>
        </Group>
      )}
    </>
  )
}

/** In percent: licenses that come back are most of the work. */
function shareDone({ phase, total, released }: Running): number {
  if (phase === 'unclaiming') return 90
  if (phase === 'deleting') return 95
  return total === 0 ? 5 : 5 + (released / total) * 80
}
