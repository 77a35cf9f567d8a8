import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { groupChoicesQuery } from '../groups/queries.ts'
import type { DraftGroup } from './draft.ts'

interface GroupSelectProps {
  readonly label: string
  /** Groups that are not offered. */
  readonly without?: readonly number[]
  readonly onChoose: (group: DraftGroup | null) => void
}

/** Finds a group by name. */
export function GroupSelect({ label, without = [], onChoose }: GroupSelectProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [search] = useDebouncedValue(typed, 200)
  const groups = useQuery({ ...groupChoicesQuery(search), placeholderData: keepPreviousData })
  const choices = (groups.data ?? []).filter(({ id }) => !without.includes(id))
  const choose = (value: string | null) => {
    setChosen(value)
    onChoose(choices.find(({ id }) => String(id) === value) ?? null)
  }
  return (
    <Select
      label={label}
      placeholder={t('assignments.find_group')}
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
