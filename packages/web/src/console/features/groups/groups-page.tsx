import { Button, Group as Row, SegmentedControl, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { GroupForm } from './group-form.tsx'
import { groupsQuery } from './queries.ts'
import { ruleOf, ruleText } from './rule-words.ts'

/** The groups that apps are assigned to. */
export function GroupsPage() {
  const { t } = useTranslation()
  const { q, kind } = useSearch({ from: '/signed-in/groups' })
  const navigate = useNavigate({ from: '/groups' })
  const [adding, add] = useDisclosure(false)
  const columns = useColumns()
  const result = useInfiniteQuery(groupsQuery({ q, kind }))
  return (
    <Page
      title={t('groups.title')}
      lead={t('groups.lead')}
      actions={
        <Button onClick={add.open} leftSection={<IconPlus size={16} aria-hidden="true" />}>
          {t('groups.add')}
        </Button>
      }
    >
      <Row>
        <SearchInput
          label={t('groups.search')}
          value={q ?? ''}
          onChange={(text) =>
            void navigate({ search: { q: text === '' ? undefined : text, kind }, replace: true })
          }
        />
        <SegmentedControl
          aria-label={t('groups.kind')}
          value={kind ?? 'all'}
          data={[
            { value: 'all', label: t('groups.all') },
            { value: 'device', label: t('groups.of_devices') },
            { value: 'user', label: t('groups.of_users') },
          ]}
          onChange={(value) =>
            void navigate({
              search: { q, kind: value === 'device' || value === 'user' ? value : undefined },
              replace: true,
            })
          }
        />
      </Row>
      <Card flush>
        <Rows
          label={t('groups.title')}
          columns={columns}
          result={result}
          rowKey={({ id }) => id}
          rowHeight={60}
          sketched={6}
          empty={
            <Empty icon={<IconUsersGroup />} title={t('common.nothing_found')}>
              {t('groups.nothing_hint')}
            </Empty>
          }
        />
      </Card>
      {adding && <GroupForm onClose={add.close} />}
    </Page>
  )
}

function useColumns(): readonly Column<Group>[] {
  const { t } = useTranslation()
  const { number } = useFormats()
  const withoutDescription = (group: Group) => {
    if (group.builtIn !== null) return t('groups.built_in_hint')
    const rule = ruleOf(group)
    return rule === undefined ? '' : ruleText(rule, t)
  }
  return [
    {
      key: 'name',
      header: t('groups.columns.name'),
      cell: (group) => (
        <>
          <RowLink to="/groups/$id" params={{ id: group.id }}>
            {group.name}
          </RowLink>
          <Text size="xs" c="dimmed" className="truncate">
            {group.description || withoutDescription(group)}
          </Text>
        </>
      ),
    },
    {
      key: 'kind',
      header: t('groups.columns.kind'),
      width: '11rem',
      from: 'xs',
      cell: ({ kind, builtIn, rule }) => {
        if (builtIn !== null) return <Badge tone="neutral">{t('groups.built_in')}</Badge>
        return rule === null ? t(`groups.kinds.${kind}`) : <Badge tone="info">{t('groups.by_rule')}</Badge>
      },
    },
    {
      key: 'members',
      header: t('groups.columns.members'),
      width: '7rem',
      align: 'end',
      cell: ({ members }) => number(members),
    },
    {
      key: 'assignments',
      header: t('groups.columns.assignments'),
      width: '9rem',
      align: 'end',
      from: 'md',
      cell: ({ assignments }) => number(assignments),
    },
  ]
}
