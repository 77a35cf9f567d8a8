import { Button, Group, NativeSelect, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { groupChoicesQuery } from '../groups/queries.ts'
import type { DraftGroup } from './draft.ts'
import { type Wish, wishes } from './terms.ts'

interface AddGroupProps {
  /** Groups that are in the draft already. */
  readonly taken: readonly number[]
  readonly onAdd: (group: DraftGroup, wish: Wish) => void
}

/** Finds a group by name and says what it gets. */
export function AddGroup({ taken, onAdd }: AddGroupProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [wish, setWish] = useState<Wish>('required')
  const [search] = useDebouncedValue(typed, 200)
  const groups = useQuery({ ...groupChoicesQuery(search), placeholderData: keepPreviousData })
  const choices = (groups.data ?? []).filter(({ id }) => !taken.includes(id))
  const group = choices.find(({ id }) => String(id) === chosen)
  const add = () => {
    if (group === undefined) return
    onAdd(group, wish)
    setChosen(null)
    setTyped('')
  }
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label={t('assignments.add_group')}
        placeholder={t('assignments.find_group')}
        searchable
        value={chosen}
        onChange={setChosen}
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
      <NativeSelect
        aria-label={t('assignments.columns.wish')}
        value={wish}
        data={wishes.map((value) => ({ value, label: t(`assignments.wishes.${value}`) }))}
        onChange={({ currentTarget: { value } }) =>
          setWish(wishes.find((known) => known === value) ?? 'required')
        }
      />
      <Button
        variant="default"
        disabled={group === undefined}
        leftSection={<IconPlus size={16} aria-hidden="true" />}
        onClick={add}
      >
        {t('assignments.add')}
      </Button>
    </Group>
  )
}
