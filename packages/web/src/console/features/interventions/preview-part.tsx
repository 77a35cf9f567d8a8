import { Button, Group, List, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Intervention } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Choices, type Chosen } from './choices.tsx'
import { useApply, useBegin, wishOf } from './queries.ts'

const choiceOf = ({ required, includeOutside, unassigned }: Intervention): Chosen => ({
  required,
  includeOutside,
  unassigned,
})

/** A4's spirit: what will be taken, what is passed over and why, with the choices that change it. */
export function PreviewPart({ preview }: { readonly preview: Intervention }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [hasMoved, setMoved] = useState(false)
  const again = useBegin({ replace: true })
  const apply = useApply((moved) => {
    setMoved(true)
    void navigate({ to: '/take-back/$id', params: { id: moved.id }, replace: true })
  })
  // What was chosen a moment ago shows at once, and until its own preview takes the place of this one.
  const [wished, setWished] = useState<{ readonly on: string; readonly choice: Chosen } | null>(null)
  const chosen = wished?.on === preview.id ? wished.choice : choiceOf(preview)
  const choose = (choice: Partial<Chosen>) => {
    setMoved(false)
    const before = wishOf(preview)
    if (before === null) return
    const next = { ...chosen, ...choice }
    setWished({ on: preview.id, choice: next })
    again.mutate({ ...before, ...next }, { onError: () => setWished(null) })
  }
  const isOld = new Date(preview.expiresAt).getTime() <= Date.now()
  return (
    <Card title={t('interventions.preview')}>
      <Stack gap="md">
        {hasMoved && (
          <Notice tone="warn" role="alert" title={t('interventions.moved')}>
            {t('interventions.moved_hint')}
          </Notice>
        )}
        {isOld && (
          <Notice tone="warn" title={t('interventions.expired')}>
            {t('interventions.expired_hint')}
          </Notice>
        )}
        <WhatHappens intervention={preview} />
        <Choices kind={preview.kind} chosen={chosen} onChange={choose} />
        {again.isError && <ProblemAlert error={again.error} />}
        {apply.isError && <ProblemAlert error={apply.error} />}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {t('interventions.preview_hint')}
          </Text>
          <Group gap="sm">
            <ButtonLink to="/take-back" variant="default">
              {t('common.cancel')}
            </ButtonLink>
            <GoButton
              preview={preview}
              disabled={isOld || again.isPending}
              pending={apply.isPending}
              onGo={() => apply.mutate(preview)}
            />
          </Group>
        </Group>
      </Stack>
    </Card>
  )
}

interface GoButtonProps {
  readonly preview: Intervention
  readonly disabled: boolean
  readonly pending: boolean
  readonly onGo: () => void
}

/** Whether licenses leave their holders. */
const takes = (kind: Intervention['kind']): boolean => kind === 'take_back' || kind === 'free'

const verbs = { take_back: 'takes', free: 'takes', adopt: 'adopts', undo: 'gives' } as const

/** Says what it does and to how many; without anything to do it cannot be pressed. */
function GoButton({ preview: { kind, preview }, disabled, pending, onGo }: GoButtonProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { licenses: count, waitingWithheld, queued } = preview
  const withoutLicense = waitingWithheld > 0 ? 'go_withhold' : 'go_queue'
  const text =
    count === 0 && waitingWithheld + queued > 0
      ? t(`interventions.${withoutLicense}`)
      : t(`interventions.go_${kind}`, { count, shown: number(count) })
  return (
    <Button
      {...(takes(kind) ? { color: 'red.8' } : {})}
      disabled={disabled || count + waitingWithheld + queued === 0}
      loading={pending}
      onClick={onGo}
    >
      {text}
    </Button>
  )
}

/** The outcome in sentences, the most important first. */
function WhatHappens({ intervention: { kind, preview } }: { readonly intervention: Intervention }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const counted = (count: number) => ({ count, shown: number(count) })
  const { licenses, withheld, waitingWithheld, comeBack, toQueue, requests, queued } = preview
  return (
    <Stack gap="xs" data-preview="" role="status">
      <Text fw={600}>
        {licenses === 0 ? t('interventions.nothing') : t(`interventions.${verbs[kind]}`, counted(licenses))}
        {takes(kind) && licenses > 0 && ` ${t('interventions.stops')}`}
      </Text>
      {kind === 'undo' && licenses > 0 && <Text size="sm">{t('interventions.gives_hint')}</Text>}
      {queued > 0 && <Text size="sm">{t('interventions.queued', counted(queued))}</Text>}
      {withheld > 0 && <Notice tone="warn">{t('interventions.withheld', counted(withheld))}</Notice>}
      {comeBack > 0 && <Notice tone="warn">{t('interventions.comes_back', counted(comeBack))}</Notice>}
      {waitingWithheld > 0 && (
        <Text size="sm">{t('interventions.waiting_withheld', counted(waitingWithheld))}</Text>
      )}
      {toQueue > 0 && <Text size="sm">{t('interventions.to_queue', counted(toQueue))}</Text>}
      {preview.skipped.length > 0 && (
        <div>
          <Text size="sm" fw={550}>
            {t('interventions.skipped')}
          </Text>
          <List size="sm">
            {preview.skipped.map(({ reason, count }) => (
              <List.Item key={reason} data-skipped={reason}>
                {number(count)}: {reason === null ? '' : t(`interventions.reasons.${reason}`)}
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {requests > 0 && (
        <Text size="sm" c="dimmed">
          {t('interventions.requests', counted(requests))}
        </Text>
      )}
    </Stack>
  )
}
