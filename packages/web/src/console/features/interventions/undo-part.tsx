import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Intervention } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useUndo } from './queries.ts'

/** L11: until when a record can be undone, the way to it, and what it undoes or was undone by. */
export function UndoPart({ record }: { readonly record: Intervention }) {
  const { t } = useTranslation()
  const { date } = useFormats()
  const undo = useUndo()
  const { id, undoUntil, undoneBy, undoes, appsDone, appsTotal } = record
  const other = undoes ?? undoneBy
  if (undoUntil === null && other === null) return null
  const isOpen = undoUntil !== null && new Date(undoUntil).getTime() >= Date.now()
  return (
    <>
      <Group justify="space-between" gap="sm" data-undo={isOpen ? 'open' : 'closed'}>
        <Text size="sm" c="dimmed" flex="1 1 16rem">
          {undoneBy !== null && `${t('interventions.undone_by')} `}
          {undoUntil !== null &&
            t(`interventions.${isOpen ? 'undo_until' : 'undo_over'}`, { date: date(undoUntil) })}
        </Text>
        <Group gap="sm">
          {other !== null && (
            <ButtonLink to="/take-back/$id" params={{ id: other }} variant="subtle" size="xs">
              {t(undoes === null ? 'interventions.see_undo' : 'interventions.see_undone')}
            </ButtonLink>
          )}
          {isOpen && (
            <Button
              size="xs"
              variant="default"
              disabled={appsDone < appsTotal}
              loading={undo.isPending}
              onClick={() => undo.mutate(id)}
            >
              {t('interventions.undo')}
            </Button>
          )}
        </Group>
      </Group>
      {undo.isError && <ProblemAlert error={undo.error} />}
    </>
  )
}
