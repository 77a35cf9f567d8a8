import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileImport, IconPlus, IconUsers } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/api/shapes.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { usersQuery } from './queries.ts'
import { UserActions } from './user-actions.tsx'
import { useUserColumns } from './user-columns.tsx'
import { UserForm } from './user-form.tsx'

/** The people who hold devices. */
export function UsersPage() {
  const { t } = useTranslation()
  const { q } = useSearch({ from: '/signed-in/users' })
  const navigate = useNavigate({ from: '/users' })
  const [adding, add] = useDisclosure(false)
  const actions: Column<User> = {
    key: 'actions',
    header: t('assignments.columns.actions'),
    hiddenHeader: true,
    width: '11rem',
    phoneWidth: '10.5rem',
    align: 'end',
    cell: (user) => <UserActions user={user} />,
  }
  const columns = [...useUserColumns(), actions]
  const result = useInfiniteQuery(usersQuery({ q }))
  return (
    <Page
      title={t('users.title')}
      lead={t('users.lead')}
      actions={
        <>
          <ButtonLink
            to="/import"
            variant="default"
            leftSection={<IconFileImport size={16} aria-hidden="true" />}
          >
            {t('users.import')}
          </ButtonLink>
          <Button onClick={add.open} leftSection={<IconPlus size={16} aria-hidden="true" />}>
            {t('users.add')}
          </Button>
        </>
      }
    >
      <Group>
        <SearchInput
          label={t('users.search')}
          value={q ?? ''}
          onChange={(text) => void navigate({ search: text === '' ? {} : { q: text }, replace: true })}
        />
      </Group>
      <Card flush>
        <Rows
          label={t('users.title')}
          columns={columns}
          result={result}
          rowKey={({ id }) => id}
          rowHeight={60}
          empty={
            <Empty
              icon={<IconUsers />}
              title={t(q === undefined ? 'users.none' : 'common.nothing_found')}
              action={q === undefined && <ButtonLink to="/import">{t('users.import')}</ButtonLink>}
            >
              {q === undefined ? t('users.none_hint') : t('common.nothing_found_hint', { q })}
            </Empty>
          }
        />
      </Card>
      {adding && <UserForm onClose={add.close} />}
    </Page>
  )
}
