import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '../../../shared/ui/rows.tsx'

/** Rows that were chosen from a list, however far it was scrolled since. */
export interface Choice<Row> {
  readonly rows: readonly Row[]
  readonly has: (id: number) => boolean
  readonly toggle: (row: Row) => void
  readonly clear: () => void
}

export function useChoice<Row extends { readonly id: number }>(): Choice<Row> {
  const [chosen, setChosen] = useState<ReadonlyMap<number, Row>>(new Map())
  return {
    rows: [...chosen.values()],
    has: (id) => chosen.has(id),
    toggle: (row) => {
      const next = new Map(chosen)
      if (!next.delete(row.id)) next.set(row.id, row)
      setChosen(next)
    },
    clear: () => setChosen(new Map()),
  }
}

/** The column of a list in which rows are chosen. */
export function useChoiceColumn<Row extends { readonly id: number }>(
  choice: Choice<Row>,
  nameOf: (row: Row) => string,
): Column<Row> {
  const { t } = useTranslation()
  return {
    key: 'choice',
    header: t('common.chosen'),
    hiddenHeader: true,
    width: '3.25rem',
    phoneWidth: '2.75rem',
    cell: (row) => (
      <Checkbox
        size="sm"
        data-above=""
        aria-label={t('assignments.many.choose', { name: nameOf(row) })}
        checked={choice.has(row.id)}
        onChange={() => choice.toggle(row)}
      />
    ),
  }
}
