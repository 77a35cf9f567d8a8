import { Button, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { AddMembers } from './add-members.tsx'
import { GroupAssignments } from './group-assignments.tsx'
import { GroupForm } from './group-form.tsx'
import { GroupRulePart } from './group-rule.tsx'
import { Members } from './members.tsx'
import { Nesting } from './nesting.tsx'
import { groupQuery, useDeleteGroup } from './queries.ts'

/** One group: its members, and what they get. */
export function GroupPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/signed-in/groups/$id' })
  const query = useQuery(groupQuery(id))
  if (query.data === undefined) {
    return (
      <Page title={t('groups.one')} above={{ label: t('groups.title'), to: '/groups' }}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={220} />
        )}
      </Page>
    )
  }
  return <Loaded group={query.data} />
}

function Loaded({ group }: { readonly group: Group }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const [editing, edit] = useDisclosure(false)
  const [deleting, askDelete] = useDisclosure(false)
  const [adding, add] = useDisclosure(false)
  const count = t(`groups.member_count.${group.kind}`, { count: group.members, shown: number(group.members) })
  return (
    <Page
      title={group.name}
      above={{ label: t('groups.title'), to: '/groups' }}
      lead={[group.description, count].filter((part) => part !== '').join(' · ')}
      actions={
        group.builtIn === null ? (
          <>
            <Button
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden="true" />}
              onClick={edit.open}
            >
              {t('common.edit')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden="true" />}
              onClick={askDelete.open}
            >
              {t('common.delete')}
            </Button>
          </>
        ) : (
          <Badge tone="neutral">{t('groups.built_in')}</Badge>
        )
      }
    >
      <GroupAssignments group={group} />
      <GroupRulePart group={group} />
      {group.builtIn === null && <Nesting group={group} />}
      <Members group={group} onAdd={add.open} />
      {editing && <GroupForm group={group} onClose={edit.close} />}
      {adding && <AddMembers group={group} onClose={add.close} />}
      {deleting && <DeleteGroup group={group} onClose={askDelete.close} />}
    </Page>
  )
}

interface DeleteGroupProps {
  readonly group: Group
  readonly onClose: () => void
}

function DeleteGroup({ group, onClose }: DeleteGroupProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const remove = useDeleteGroup(group.id)
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notifications.show({ message: t('groups.deleted', { name: group.name }) })
        void navigate({ to: '/groups' })
      },
    })
  return (
    <Ask
      title={t('groups.delete_title', { name: group.name })}
      verb={t('groups.delete')}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {group.isIn.length > 0
        ? t('groups.delete_in_groups')
        : t(group.assignments > 0 ? 'groups.delete_in_use' : 'groups.delete_text', {
            count: group.assignments,
          })}
    </Ask>
  )
}
