import { ActionIcon, NativeSelect, Table, Text, Tooltip, VisuallyHidden } from '@mantine/core'
import { IconArrowBackUp, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import styles from './assignments.module.css'
import { changeOf, type DraftLine, type LineChange, restored, withoutGroup, withTerms } from './draft.ts'
import { type Wish, wishes } from './terms.ts'

const tones: Record<Exclude<LineChange, 'same'>, Tone> = { added: 'good', changed: 'info', removed: 'bad' }

interface DraftTableProps {
  readonly draft: readonly DraftLine[]
  readonly onChange: (draft: readonly DraftLine[]) => void
}

/** The groups of a draft, what each gets, and how that differs from what is saved. */
export function DraftTable({ draft, onChange }: DraftTableProps) {
  const { t } = useTranslation()
  return (
    <Table verticalSpacing="sm" horizontalSpacing="lg" className={styles.table ?? ''}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('assignments.columns.group')}</Table.Th>
          <Table.Th scope="col">{t('assignments.columns.wish')}</Table.Th>
          <Table.Th scope="col" visibleFrom="xs">
            {t('assignments.columns.change')}
          </Table.Th>
          <Table.Th scope="col" w="3.5rem">
            <VisuallyHidden>{t('assignments.columns.actions')}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {draft.map((line) => (
          <Line key={line.group.id} line={line} draft={draft} onChange={onChange} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Line({ line, draft, onChange }: DraftTableProps & { readonly line: DraftLine }) {
  const { t } = useTranslation()
  const { group, wanted } = line
  const change = changeOf(line)
  const choose = (value: string) => {
    const wish = wishes.find((known): known is Wish => known === value)
    if (wish !== undefined) onChange(withTerms(draft, group.id, { wish }))
  }
  const undo = wanted === null
  const label = t(undo ? 'assignments.keep' : 'assignments.remove', { group: group.name })
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink
          to="/groups/$id"
          params={{ id: group.id }}
          size="sm"
          fw={550}
          td={undo ? 'line-through' : undefined}
        >
          {group.name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {t(`groups.kinds.${group.kind}`)}
        </Text>
      </Table.Td>
      <Table.Td>
        <NativeSelect
          size="sm"
          aria-label={t('assignments.wish_of', { group: group.name })}
          value={(wanted ?? line.saved)?.wish ?? 'required'}
          disabled={undo}
          miw="8.25rem"
          data={wishes.map((value) => ({ value, label: t(`assignments.wishes.${value}`) }))}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
      </Table.Td>
      <Table.Td visibleFrom="xs">
        {change !== 'same' && <Badge tone={tones[change]}>{t(`assignments.changes.${change}`)}</Badge>}
      </Table.Td>
      <Table.Td>
        <Tooltip label={label}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={label}
            onClick={() => onChange(undo ? restored(draft, group.id) : withoutGroup(draft, group.id))}
          >
            {undo ? (
              <IconArrowBackUp size={18} aria-hidden="true" />
            ) : (
              <IconTrash size={18} aria-hidden="true" />
            )}
          </ActionIcon>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  )
}
