import { Button, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GroupSelect } from '../groups/group-select.tsx'
import type { DraftGroup } from './draft.ts'
import type { Wish } from './terms.ts'
import { WishSelect } from './wish-select.tsx'

interface AddGroupProps {
  /** Groups that are in the draft already. */
  readonly taken: readonly number[]
  readonly onAdd: (group: DraftGroup, wish: Wish) => void
}

/** Finds a group by name and says what it gets. */
export function AddGroup({ taken, onAdd }: AddGroupProps) {
  const { t } = useTranslation()
  const [group, setGroup] = useState<DraftGroup | null>(null)
  const [wish, setWish] = useState<Wish>('required')
  const [added, setAdded] = useState(0)
  const add = () => {
    if (group === null) return
    onAdd(group, wish)
    setGroup(null)
    setAdded(added + 1)
  }
  return (
    <Group gap="sm" align="flex-end">
      <GroupSelect key={added} label={t('assignments.add_group')} without={taken} onChoose={setGroup} />
      <WishSelect wish={wish} onChange={setWish} />
      <Button
        variant="default"
        disabled={group === null}
        leftSection={<IconPlus size={16} aria-hidden="true" />}
        onClick={add}
      >
        {t('assignments.add')}
      </Button>
    </Group>
  )
}
