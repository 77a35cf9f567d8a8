import { Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Asset, Assignment } from '../../../shared/api/shapes.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import styles from './assignments.module.css'
import { changeOf, type DraftLine, type LineChange, restored, withoutGroup, withTerms } from './draft.ts'
import { LineActions } from './line-actions.tsx'
import { LineChoices } from './line-choices.tsx'
import { refusalOf } from './line-refusal.ts'
import { RolloutState } from './rollout-state.tsx'
import { TermsDrawer } from './terms-drawer.tsx'
import { useTermsWords } from './terms-words.ts'

const tones: Record<Exclude<LineChange, 'same'>, Tone> = { added: 'good', changed: 'info', removed: 'bad' }

interface DraftLineItemProps {
  readonly asset: Asset
  readonly line: DraftLine
  readonly draft: readonly DraftLine[]
  readonly saved: Assignment | null
  /** The server's refusal of this line; null when there is none. */
  readonly refused: unknown
  readonly onChange: (draft: readonly DraftLine[]) => void
}

/** One group of a draft. */
export function DraftLineItem({ asset, line, draft, saved, refused, onChange }: DraftLineItemProps) {
  const { t } = useTranslation()
  const [more, showMore] = useDisclosure(false)
  const words = useTermsWords()
  const { group, wanted } = line
  const change = changeOf(line)
  const refusal = refusalOf(line, asset)
  const said = wanted === null ? [] : words(wanted)
  return (
    <li className={styles.line} data-line={group.id}>
      <div className={styles.cells}>
        <div className={styles.who}>
          <TextLink
            to="/groups/$id"
            params={{ id: group.id }}
            size="sm"
            fw={550}
            td={wanted === null ? 'line-through' : undefined}
          >
            {group.name}
          </TextLink>
          <Text size="xs" c="dimmed" component="span">
            {t(`groups.kinds.${group.kind}`)}
          </Text>
          {change !== 'same' && <Badge tone={tones[change]}>{t(`assignments.changes.${change}`)}</Badge>}
        </div>
        <LineChoices
          asset={asset}
          line={line}
          onChange={(terms) => onChange(withTerms(draft, group.id, terms))}
        />
        <LineActions
          line={line}
          onMore={showMore.open}
          onRemove={() => onChange(withoutGroup(draft, group.id))}
          onRestore={() => onChange(restored(draft, group.id))}
        />
      </div>
      {said.length > 0 && (
        <Text size="xs" c="dimmed" className={styles.said ?? ''} data-terms="">
          {said.join(' · ')}
        </Text>
      )}
      {saved !== null && wanted !== null && <RolloutState assignment={saved} />}
      {refusal !== null && (
        <Notice tone="bad" role="alert">
          {t(`assignments.refusals.${refusal}`)}
        </Notice>
      )}
      {refused !== null && refusal === null && (
        <ProblemAlert title={t('assignments.plan_failed')} error={refused} />
      )}
      {more && wanted !== null && (
        <TermsDrawer
          asset={asset}
          group={group}
          terms={wanted}
          onUse={(terms) => {
            onChange(withTerms(draft, group.id, terms))
            showMore.close()
          }}
          onClose={showMore.close}
        />
      )}
    </li>
  )
}
