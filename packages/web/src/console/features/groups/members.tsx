import { ActionIcon, Button, Group as Row, SegmentedControl, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserMinus, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Device, Group, User } from '../../../shared/api/shapes.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { MembersPlan } from '../assignments/members-plan.tsx'
import { usePlan } from '../assignments/queries.ts'
import { useDeviceColumns } from '../devices/device-columns.tsx'
import { devicesQuery } from '../devices/queries.ts'
import { usersQuery } from '../users/queries.ts'
import { useUserColumns } from '../users/user-columns.tsx'
import { RuleDialog } from './rule-dialog.tsx'

interface MembersProps {
  readonly group: Group
  readonly onAdd: () => void
}

/** Who is in a group; members of a built-in group, or of one by rule, cannot be chosen. */
export function Members({ group, onAdd }: MembersProps) {
  const { t } = useTranslation()
  const [ruling, rule] = useDisclosure(false)
  const [direct, setDirect] = useState(false)
  const [leaving, setLeaving] = useState<string | null>(null)
  const Listed = group.kind === 'device' ? MemberDevices : MemberUsers
  return (
    <Card
      title={t('groups.members')}
      flush
      actions={
        isPicked(group) && (
          <Row gap="xs">
            {group.kind === 'device' && group.memberGroups.length === 0 && (
              <Button size="xs" variant="default" onClick={rule.open}>
                {t('rules.use')}
              </Button>
            )}
            <Button size="xs" leftSection={<IconUserPlus size={14} aria-hidden="true" />} onClick={onAdd}>
              {t('groups.add_members')}
            </Button>
          </Row>
        )
      }
    >
      {group.memberGroups.length > 0 && (
        <Row px="lg" pb="md">
          <SegmentedControl
            aria-label={t('groups.shown')}
            value={direct ? 'direct' : 'all'}
            data={[
              { value: 'all', label: t('groups.shown_all') },
              { value: 'direct', label: t('groups.shown_direct') },
            ]}
            onChange={(value) => setDirect(value === 'direct')}
          />
        </Row>
      )}
      <Listed group={group} direct={direct && group.memberGroups.length > 0} onRemove={setLeaving} />
      {ruling && <RuleDialog group={group} onClose={rule.close} />}
      {leaving !== null && <RemoveMember group={group} member={leaving} onClose={() => setLeaving(null)} />}
    </Card>
  )
}

function isPicked({ builtIn, rule }: Group): boolean {
  return builtIn === null && rule === null
}

interface ListedProps {
  readonly group: Group
  /** Without those who are in it only by way of another group. */
  readonly direct: boolean
  readonly onRemove: (member: string) => void
}

function MemberDevices({ group, direct, onRemove }: ListedProps) {
  const { t } = useTranslation()
  const { q } = useSearch({ from: '/signed-in/groups/$id' })
  const columns = useDeviceColumns()
  const removal = useRemovalColumn({ group, direct, onRemove })
  const result = useInfiniteQuery(devicesQuery({ q, groupId: group.id, direct }))
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

function MemberUsers({ group, direct, onRemove }: ListedProps) {
  const { t } = useTranslation()
  const { q } = useSearch({ from: '/signed-in/groups/$id' })
  const columns = useUserColumns()
  const removal = useRemovalColumn({ group, direct, onRemove })
  const result = useInfiniteQuery(usersQuery({ q, groupId: group.id, direct }))
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
      {noMembersHint(group, t)}
    </Empty>
  )
}

function noMembersHint(group: Group, t: TFunction): string {
  if (group.builtIn !== null) return t('groups.built_in_hint')
  return group.rule === null ? t(`groups.no_members_hint.${group.kind}`) : t('rules.nothing_fits')
}

/**
 * The button that takes a member out of the group. Only who was picked can be taken out: not from a built-in group or
 * one by rule, nor where members of other groups stand in the list.
 */
function useRemovalColumn({ group, direct, onRemove }: ListedProps) {
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
    isPicked(group) && (direct || group.memberGroups.length === 0)
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
  const plan = usePlan()
  if (plan.data !== undefined) {
    const lead = t('plan.members.leaving', { member, name: group.name })
    return <MembersPlan first={plan.data} lead={lead} onSaved={onClose} onClose={onClose} />
  }
  return (
    <Ask
      title={t('groups.remove_member', { member })}
      verb={t('assignments.see_plan')}
      pending={plan.isPending}
      error={plan.error}
      onConfirm={() => plan.mutate({ group: { id: group.id, add: [], remove: [member] } })}
      onClose={onClose}
    >
      {t('groups.remove_text', { name: group.name })}
    </Ask>
  )
}
