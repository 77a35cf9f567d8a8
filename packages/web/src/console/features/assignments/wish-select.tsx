import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Wish, wishes } from './terms.ts'

interface WishSelectProps {
  readonly wish: Wish
  readonly onChange: (wish: Wish) => void
}

/** What a group that is being chosen is to get. */
export function WishSelect({ wish, onChange }: WishSelectProps) {
  const { t } = useTranslation()
  return (
    <NativeSelect
      aria-label={t('assignments.columns.wish')}
      value={wish}
      data={wishes.map((value) => ({ value, label: t(`assignments.wishes.${value}`) }))}
      onChange={({ currentTarget: { value } }) =>
        onChange(wishes.find((known) => known === value) ?? 'required')
      }
    />
  )
}
