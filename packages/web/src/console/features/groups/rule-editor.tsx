import { type Fact, factForm, factNames, isFact, isOperator } from '@apportion/core/directory/rule-facts'
import { Button, CloseButton, NativeSelect, Group as Row, Stack, TagsInput, TextInput } from '@mantine/core'
import { IconFolderPlus, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ChoiceValues } from './choice-values.tsx'
import {
  about,
  comparedWith,
  type DraftBlock,
  type DraftCondition,
  type DraftPart,
  deepestBlock,
  joins,
  newBlock,
  newCondition,
  withPart,
} from './rule-draft.ts'
import styles from './rule-editor.module.css'
import { choiceText } from './rule-words.ts'

interface BlockProps {
  readonly block: DraftBlock
  /** Blocks around it, itself included. */
  readonly level: number
  /** Where it stands, for example `2.`; empty for the outermost. */
  readonly place: string
  readonly onChange: (block: DraftBlock) => void
  /** Left out where it cannot be removed. */
  readonly onRemove?: () => void
}

/** Conditions that are joined, and blocks of conditions within them (A1). */
export function RuleEditor({ block, level, place, onChange, onRemove }: BlockProps) {
  const { t } = useTranslation()
  const add = (part: DraftPart) => onChange({ ...block, parts: [...block.parts, part] })
  const change = (key: string) => (part: DraftPart | undefined) => onChange(withPart(block, key, () => part))
  return (
    <fieldset className={styles.block}>
      <legend className={styles.legend}>{place === '' ? t('rules.conditions') : t('rules.block')}</legend>
      <Row justify="space-between" wrap="nowrap" mb="sm">
        <NativeSelect
          aria-label={t('rules.join')}
          value={block.join}
          data={joins.map((value) => ({ value, label: t(`rules.joins.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...block, join: joins.find((known) => known === value) ?? 'all' })
          }
        />
        {onRemove !== undefined && <CloseButton aria-label={t('rules.remove_block')} onClick={onRemove} />}
      </Row>
      <Stack gap="sm">
        {block.parts.map((part, index) => (
          <Part
            key={part.key}
            part={part}
            level={level}
            place={`${place}${index + 1}`}
            isOnly={block.parts.length === 1}
            onChange={change(part.key)}
          />
        ))}
      </Stack>
      <Row gap="xs" mt="sm">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          onClick={() => add(newCondition())}
        >
          {t('rules.add_condition')}
        </Button>
        {level < deepestBlock && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconFolderPlus size={14} aria-hidden="true" />}
            onClick={() => add({ ...newBlock(), join: block.join === 'any' ? 'all' : 'any' })}
          >
            {t('rules.add_block')}
          </Button>
        )}
      </Row>
    </fieldset>
  )
}

interface PartProps {
  readonly part: DraftPart
  readonly level: number
  readonly place: string
  readonly isOnly: boolean
  readonly onChange: (part: DraftPart | undefined) => void
}

function Part({ part, level, place, isOnly, onChange }: PartProps) {
  const removable = isOnly ? {} : { onRemove: () => onChange(undefined) }
  if (part.kind === 'condition') {
    return <ConditionRow condition={part} place={place} onChange={onChange} {...removable} />
  }
  return <RuleEditor block={part} level={level + 1} place={`${place}.`} onChange={onChange} {...removable} />
}

interface ConditionProps {
  readonly condition: DraftCondition
  readonly place: string
  readonly onChange: (condition: DraftCondition) => void
  readonly onRemove?: () => void
}

function ConditionRow({ condition, place, onChange, onRemove }: ConditionProps) {
  const { t } = useTranslation()
  const { operators } = factForm(condition.fact)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row in every browser
    <div role="group" aria-label={t('rules.condition', { place })} className={styles.condition}>
      <NativeSelect
        aria-label={t('rules.fact')}
        value={condition.fact}
        data={factNames.map((value) => ({ value, label: t(`rules.facts.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          if (isFact(value)) onChange({ ...condition, ...about(value) })
        }}
      />
      <NativeSelect
        aria-label={t('rules.operator')}
        value={condition.op}
        data={operators.map((value) => ({ value, label: t(`rules.operators.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          if (isOperator(value)) onChange(comparedWith(condition, value))
        }}
      />
      <Value condition={condition} onChange={onChange} />
      {onRemove === undefined ? (
        <span />
      ) : (
        <CloseButton aria-label={t('rules.remove_condition', { place })} onClick={onRemove} />
      )}
    </div>
  )
}

function Value({ condition, onChange }: Pick<ConditionProps, 'condition' | 'onChange'>) {
  const { t } = useTranslation()
  const { fact, value } = condition
  const { kind, values = [] } = factForm(fact)
  const label = t('rules.value')
  if (typeof value === 'boolean') {
    return (
      <NativeSelect
        aria-label={label}
        value={value ? 'yes' : 'no'}
        data={[
          { value: 'yes', label: t('common.yes') },
          { value: 'no', label: t('common.no') },
        ]}
        onChange={({ currentTarget }) => onChange({ ...condition, value: currentTarget.value === 'yes' })}
      />
    )
  }
  if (typeof value === 'object' && kind === 'choice') {
    return <ChoiceValues condition={condition} choices={choicesOf(fact, values, t)} onChange={onChange} />
  }
  if (typeof value === 'object') {
    return (
      <TagsInput
        aria-label={label}
        placeholder={t('rules.values_hint')}
        value={[...value]}
        onChange={(given) => onChange({ ...condition, value: given })}
        acceptValueOnBlur
      />
    )
  }
  if (kind === 'choice') {
    return (
      <NativeSelect
        aria-label={label}
        value={value}
        data={choicesOf(fact, values, t)}
        onChange={({ currentTarget }) => onChange({ ...condition, value: currentTarget.value })}
      />
    )
  }
  return (
    <TextInput
      aria-label={label}
      value={value}
      placeholder={kind === 'version' ? '17.4' : ''}
      onChange={({ currentTarget }) => onChange({ ...condition, value: currentTarget.value })}
      spellCheck={false}
      autoComplete="off"
    />
  )
}

function choicesOf(fact: Fact, values: readonly string[], t: ReturnType<typeof useTranslation>['t']) {
  return values.map((value) => ({ value, label: choiceText(fact, value, t) }))
}
