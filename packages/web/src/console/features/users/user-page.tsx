import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { UserDetail } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Joins } from '../people/joins.tsx'
import { userQuery } from '../people/queries.ts'
import { UserActions } from './user-actions.tsx'

/** One user: what is known of the person, and how far the person is at each location. */
export function UserPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/signed-in/users/$id' })
  const query = useQuery(userQuery(id))
  if (query.data === undefined) {
    return (
      <Page title={t('people.one')} above={{ label: t('users.title'), to: '/users' }}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={220} />
        )}
      </Page>
    )
  }
  const user = query.data
  return (
    <Page
      title={user.name || user.userName}
      above={{ label: t('users.title'), to: '/users' }}
      lead={user.userName}
      actions={<UserActions user={user} />}
    >
      <UserFacts user={user} />
      <Joins user={user} />
    </Page>
  )
}

function UserFacts({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <Card title={t('people.facts')}>
      <Facts>
        <Fact label={t('users.columns.email')}>{user.email}</Fact>
        <Fact label={t('users.columns.department')}>{user.department}</Fact>
        <Fact label={t('users.columns.devices')}>{number(user.devices)}</Fact>
        <Fact label={t('people.managed_account')}>{user.managedAppleAccount}</Fact>
      </Facts>
    </Card>
  )
}
