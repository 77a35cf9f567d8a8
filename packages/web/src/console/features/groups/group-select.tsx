import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { groupChoicesQuery } from './queries.ts'

interface GroupSelectProps {
  readonly label: string
  /** Only groups of devices, or of users. */
  readonly kind?: Group['kind']
  /** Groups that are not offered. */
  readonly without?: readonly number[]
  /** Leaves out the groups of all devices and of all users. */
  readonly withoutBuiltIn?: boolean
  readonly onChoose: (group: Group | null) => void
}

/** Finds a group by name. */
export function GroupSelect({
  label,
  kind,
  without = [],
  withoutBuiltIn = false,
  onChoose,
}: GroupSelectProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [search] = useDebouncedValue(typed, 200)
  const groups = useQuery({ ...groupChoicesQuery(search, kind), placeholderData: keepPreviousData })
  const choices = (groups.data ?? []).filter(
    ({ id, builtIn }) => !without.includes(id) && !(withoutBuiltIn && builtIn !== null),
  )
  const choose = (value: string | null) => {
    setChosen(value)
    onChoose(choices.find(({ id }) => String(id) === value) ?? null)
  }
  return (
    <Select
      label={label}
      placeholder={t('groups.find_group')}
      searchable
      value={chosen}
      onChange={choose}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has searched already, by more than the text that is shown.
      filter={({ options }) => options}
      nothingFoundMessage={groups.isFetching ? t('common.loading') : t('common.nothing_found')}
      data={choices.map(({ id, name, kind, members }) => ({
        value: String(id),
        label: `${name} (${t(`groups.member_count.${kind}`, { count: members })})`,
      }))}
      flex="1 1 16rem"
      maw="24rem"
    />
  )
}
