import { ActionIcon, Button, Group as Row, Tooltip } from '@mantine/core'
import { IconUserMinus, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device, Group, User } from '../../../shared/api/shapes.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { useDeviceColumns } from '../devices/device-columns.tsx'
import { devicesQuery } from '../devices/queries.ts'
import { usersQuery } from '../users/queries.ts'
import { useUserColumns } from '../users/user-columns.tsx'
import { useChangeMembers } from './queries.ts'

interface MembersProps {
  readonly group: Group
  readonly onAdd: () => void
}

/** Who is in a group; members of a built-in group cannot be chosen. */
export function Members({ group, onAdd }: MembersProps) {
  const { t } = useTranslation()
  const [leaving, setLeaving] = useState<string | null>(null)
  const Listed = group.kind === 'device' ? MemberDevices : MemberUsers
  return (
    <Card
      title={t('groups.members')}
      flush
      actions={
        group.builtIn === null && (
          <Button size="xs" leftSection={<IconUserPlus size={14} aria-hidden="true" />} onClick={onAdd}>
            {t('groups.add_members')}
          </Button>
        )
      }
    >
      <Listed group={group} onRemove={setLeaving} />
      {leaving !== null && <RemoveMember group={group} member={leaving} onClose={() => setLeaving(null)} />}
    </Card>
  )
}

interface ListedProps {
  readonly group: Group
  readonly onRemove: (member: string) => void
}

function MemberDevices({ group, onRemove }: ListedProps) {
  const { t } = useTranslation()
  const { q } = useSearch({ from: '/signed-in/groups/$id' })
  const columns = useDeviceColumns()
  const removal = useRemovalColumn(group, onRemove)
  const result = useInfiniteQuery(devicesQuery({ q, groupId: group.id }))
  return (
    <>
      <MemberSearch label={t('devices.search')} q={q} />
      <Rows
        label={t('groups.members')}
        columns={[...columns, ...removal((device: Device) => device.serialNumber)]}
        result={result}
        rowKey={({ id }) => id}
        rowHeight={60}
        empty={<NoMembers group={group} />}
      />
    </>
  )
}

function MemberUsers({ group, onRemove }: ListedProps) {
  const { t } = useTranslation()
  const { q } = useSearch({ from: '/signed-in/groups/$id' })
  const columns = useUserColumns()
  const removal = useRemovalColumn(group, onRemove)
  const result = useInfiniteQuery(usersQuery({ q, groupId: group.id }))
  return (
    <>
      <MemberSearch label={t('users.search')} q={q} />
      <Rows
        label={t('groups.members')}
        columns={[...columns, ...removal((user: User) => user.userName)]}
        result={result}
        rowKey={({ id }) => id}
        rowHeight={60}
        empty={<NoMembers group={group} />}
      />
    </>
  )
}

function MemberSearch({ label, q }: { readonly label: string; readonly q: string | undefined }) {
  const navigate = useNavigate({ from: '/groups/$id' })
  return (
    <Row px="lg" pb="md">
      <SearchInput
        label={label}
        value={q ?? ''}
        onChange={(text) =>
          void navigate({ search: text === '' ? {} : { q: text }, replace: true, resetScroll: false })
        }
      />
    </Row>
  )
}

function NoMembers({ group }: { readonly group: Group }) {
  const { t } = useTranslation()
  return (
    <Empty icon={<IconUsers />} title={t('groups.no_members')}>
      {group.builtIn === null ? t(`groups.no_members_hint.${group.kind}`) : t('groups.built_in_hint')}
    </Empty>
  )
}

/** The button that takes a member out of the group; a built-in group has none. */
function useRemovalColumn(group: Group, onRemove: (member: string) => void) {
  const { t } = useTranslation()
  const button = (member: string): ReactNode => {
    const label = t('groups.remove_member', { member })
    return (
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={label}
          onClick={() => onRemove(member)}
        >
          <IconUserMinus size={17} aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
    )
  }
  return <Row,>(nameOf: (row: Row) => string): readonly Column<Row>[] =>
    group.builtIn === null
      ? [
          {
            key: 'remove',
            header: t('assignments.columns.actions'),
            hiddenHeader: true,
            width: '4.5rem',
            phoneWidth: '4.5rem',
            align: 'end',
            cell: (row) => button(nameOf(row)),
          },
        ]
      : []
}

interface RemoveMemberProps {
  readonly group: Group
  readonly member: string
  readonly onClose: () => void
}

function RemoveMember({ group, member, onClose }: RemoveMemberProps) {
  const { t } = useTranslation()
  const change = useChangeMembers(group.id)
  return (
    <Ask
      title={t('groups.remove_member', { member })}
      verb={t('groups.remove')}
      pending={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate({ remove: [member] }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t('groups.remove_text', { name: group.name })}
    </Ask>
  )
}
