import { useTranslation } from 'react-i18next'
import type { Asset, Assignment } from '../../../shared/api/shapes.ts'
import styles from './assignments.module.css'
import type { DraftLine } from './draft.ts'
import { DraftLineItem } from './draft-line.tsx'

interface DraftLinesProps {
  readonly asset: Asset
  readonly draft: readonly DraftLine[]
  /** What is saved: how far its rollouts are stands at the lines. */
  readonly assignments: readonly Assignment[]
  /** What the server refused, and of which group. */
  readonly refused: { readonly groupId: number; readonly error: unknown } | null
  readonly onChange: (draft: readonly DraftLine[]) => void
}

/** The groups of a draft, what each gets on which terms, and how that differs from what is saved. */
export function DraftLines({ asset, draft, assignments, refused, onChange }: DraftLinesProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className={`${styles.cells} ${styles.heads}`} aria-hidden="true">
        <span>{t('assignments.columns.group')}</span>
        <span>{t('assignments.columns.wish')}</span>
        <span>{t('assignments.columns.license')}</span>
        <span>{t('assignments.columns.priority')}</span>
      </div>
      <ul className={styles.lines} aria-label={t('assignments.title')}>
        {draft.map((line) => (
          <DraftLineItem
            key={line.group.id}
            asset={asset}
            line={line}
            draft={draft}
            saved={assignments.find(({ group }) => group.id === line.group.id) ?? null}
            refused={refused?.groupId === line.group.id ? refused.error : null}
            onChange={onChange}
          />
        ))}
      </ul>
    </>
  )
}
