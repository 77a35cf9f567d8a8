import { Button, CloseButton, Group as Row, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { GroupSelect } from './group-select.tsx'
import { useNestGroups } from './queries.ts'

type Named = Group['isIn'][number]

/** The groups in a group and those it is in (A1); a group by rule contains none. */
export function Nesting({ group }: { readonly group: Group }) {
  const { t } = useTranslation()
  const [leaving, setLeaving] = useState<Named | null>(null)
  const change = useNestGroups(group.id)
  return (
    <Card title={t('groups.nesting')}>
      <Stack>
        <Facts>
          {group.rule === null && (
            <Fact label={t('groups.member_groups')}>
              <Names groups={group.memberGroups} none={t('groups.has_none')} onRemove={setLeaving} />
            </Fact>
          )}
          <Fact label={t('groups.is_in')}>
            <Names groups={group.isIn} none={t('groups.in_none')} />
          </Fact>
        </Facts>
        {group.rule === null && <AddGroupTo group={group} />}
      </Stack>
      {leaving !== null && (
        <Ask
          title={t('groups.remove_group', { name: leaving.name })}
          verb={t('groups.remove')}
          pending={change.isPending}
          error={change.error}
          onConfirm={() =>
            change.mutate({ removeGroups: [leaving.id] }, { onSuccess: () => setLeaving(null) })
          }
          onClose={() => setLeaving(null)}
        >
          {t('groups.remove_group_text', { name: group.name })}
        </Ask>
      )}
    </Card>
  )
}

interface NamesProps {
  readonly groups: readonly Named[]
  readonly none: string
  readonly onRemove?: (group: Named) => void
}

function Names({ groups, none, onRemove }: NamesProps) {
  const { t } = useTranslation()
  if (groups.length === 0) {
    return (
      <Text span size="sm" c="dimmed">
        {none}
      </Text>
    )
  }
  return (
    <Row gap="0.25rem 1rem" component="span">
      {groups.map((named) => (
        <Row key={named.id} gap={2} wrap="nowrap" component="span">
          <TextLink to="/groups/$id" params={{ id: named.id }} inherit>
            {named.name}
          </TextLink>
          {onRemove !== undefined && (
            <CloseButton
              size="sm"
              aria-label={t('groups.remove_group', { name: named.name })}
              onClick={() => onRemove(named)}
            />
          )}
        </Row>
      ))}
    </Row>
  )
}

function AddGroupTo({ group }: { readonly group: Group }) {
  const { t } = useTranslation()
  const [member, setMember] = useState<Named | null>(null)
  const [added, setAdded] = useState(0)
  const change = useNestGroups(group.id)
  const add = () => {
    if (member === null) return
    change.mutate(
      { addGroups: [member.id] },
      {
        onSuccess: () => {
          notifications.show({ message: t('groups.group_added', { member: member.name, name: group.name }) })
          setMember(null)
          setAdded(added + 1)
        },
      },
    )
  }
  return (
    <Stack gap="sm">
      {change.isError && <ProblemAlert error={change.error} />}
      <Row gap="sm" align="flex-end">
        <GroupSelect
          key={added}
          label={t('groups.add_group')}
          kind={group.kind}
          without={[group.id, ...group.memberGroups.map(({ id }) => id)]}
          withoutBuiltIn
          onChoose={setMember}
        />
        <Button
          variant="default"
          disabled={member === null}
          loading={change.isPending}
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={add}
        >
          {t('groups.add_this_group')}
        </Button>
      </Row>
    </Stack>
  )
}
