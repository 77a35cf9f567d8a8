import { Button, Group, Text } from '@mantine/core'
import { IconUsersPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asset, Assignment, Plan } from '../../../shared/api/shapes.ts'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { AddGroup } from './add-group.tsx'
import styles from './assignments.module.css'
import { type DraftLine, draftOf, isChanged, wantedOf, withGroup } from './draft.ts'
import { DraftLines } from './draft-lines.tsx'
import { groupRefused, refusalOf } from './line-refusal.ts'
import { PlanDialog } from './plan-dialog.tsx'
import { type AskedPlan, usePlan } from './queries.ts'
import { startingTerms } from './terms.ts'

interface DraftEditorProps {
  readonly asset: Asset
  readonly assignments: readonly Assignment[]
  readonly onSaved: (plan: Plan) => void
}

/** Edits a draft of the assignments; nothing happens until its plan was seen and saved. */
export function DraftEditor({ asset, assignments, onSaved }: DraftEditorProps) {
  const { t } = useTranslation()
  const saved = draftOf(assignments)
  const [draft, setDraft] = useState(saved)
  const [shown, setShown] = useState<AskedPlan | null>(null)
  const plan = usePlan()
  const asked = useRef<HTMLButtonElement>(null)
  const changed = isChanged(draft)
  const isRefused = draft.some((line) => refusalOf(line, asset) !== null)
  const refusedGroup = groupRefused(plan.error)
  // What the server said of the draft before holds no more once it is edited.
  const edit = (next: readonly DraftLine[]) => {
    plan.reset()
    setDraft(next)
  }
  return (
    <>
      {draft.length === 0 ? (
        <Empty icon={<IconUsersPlus />} title={t('assignments.none')}>
          {t('assignments.none_hint')}
        </Empty>
      ) : (
        <DraftLines
          asset={asset}
          draft={draft}
          assignments={assignments}
          refused={refusedGroup === null ? null : { groupId: refusedGroup, error: plan.error }}
          onChange={edit}
        />
      )}
      <div className={styles.add}>
        <AddGroup
          taken={draft.map(({ group }) => group.id)}
          onAdd={(group, wish) => edit(withGroup(draft, group, startingTerms(wish, asset)))}
        />
      </div>
      {plan.isError && refusedGroup === null && (
        <div className={styles.add}>
          <ProblemAlert
            title={t('assignments.plan_failed')}
            error={plan.error}
            onRetry={() => plan.reset()}
          />
        </div>
      )}
      <Group className={styles.foot ?? ''} justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {t(isRefused ? 'assignments.to_mend' : changed ? 'assignments.unsaved' : 'assignments.same')}
        </Text>
        <Group gap="sm">
          <Button variant="default" disabled={!changed} onClick={() => edit(saved)}>
            {t('assignments.discard')}
          </Button>
          <Button
            ref={asked}
            disabled={!changed || isRefused}
            loading={plan.isPending}
            onClick={() =>
              plan.mutate({ assetId: asset.id, wanted: [...wantedOf(draft)] }, { onSuccess: setShown })
            }
          >
            {t('assignments.see_plan')}
          </Button>
        </Group>
      </Group>
      {shown !== null && (
        <PlanDialog
          asked={shown}
          returnTo={asked}
          onPlan={setShown}
          onClose={() => setShown(null)}
          onSaved={(done) => {
            setShown(null)
            onSaved(done.plan)
          }}
        />
      )}
    </>
  )
}
