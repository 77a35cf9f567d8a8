import { Group as Row, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { type Wish, wishOf } from '../assignments/terms.ts'
import { groupAssignmentsQuery } from './queries.ts'

const tones: Readonly<Record<Wish, Tone>> = {
  required: 'good',
  available: 'info',
  uninstall: 'warn',
  exclude: 'neutral',
}

/** What the members of a group get. */
export function GroupAssignments({ group }: { readonly group: Group }) {
  const { t } = useTranslation()
  const assignments = useQuery(groupAssignmentsQuery(group.id))
  return (
    <Card title={t('groups.gets')}>
      {assignments.isPending && <Skeleton height={24} width="40%" />}
      {assignments.isError && (
        <ProblemAlert error={assignments.error} onRetry={() => void assignments.refetch()} />
      )}
      {assignments.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('groups.gets_nothing')}{' '}
          <TextLink to="/apps" inherit underline="always">
            {t('groups.choose_app')}
          </TextLink>
        </Text>
      )}
      <Row gap="0.5rem 1.25rem">
        {assignments.data?.map((assignment) => (
          <Row key={assignment.id} gap={6} wrap="nowrap">
            <TextLink
              to="/apps/$id"
              params={{ id: assignment.assetId }}
              search={{ tab: 'assignments' }}
              size="sm"
            >
              {assignment.assetName}
            </TextLink>
            <Badge tone={tones[wishOf(assignment)]}>{t(`assignments.wishes.${wishOf(assignment)}`)}</Badge>
          </Row>
        ))}
      </Row>
    </Card>
  )
}
