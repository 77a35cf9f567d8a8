import { NativeSelect, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './assignments.module.css'
import type { DraftLine } from './draft.ts'
import { type Licensable, type Terms, type Wish, wishes } from './terms.ts'

const licenseTypes = ['device', 'user'] as const

interface LineChoicesProps {
  readonly asset: Licensable
  readonly line: DraftLine
  readonly onChange: (terms: Partial<Terms>) => void
}

/** What is decided for every group: what it gets, with which type of license, and before whom it is served. */
export function LineChoices({ asset, line, onChange }: LineChoicesProps) {
  const { t } = useTranslation()
  const { group, wanted, saved } = line
  const shown = wanted ?? saved
  if (shown === null) return null
  const isOff = wanted === null
  const takesLicense = shown.wish === 'required' || shown.wish === 'available'
  const onlyUsers = asset.title?.kind === 'book' || !asset.deviceAssignable
  return (
    <>
      <NativeSelect
        size="sm"
        label={t('assignments.columns.wish')}
        classNames={{ label: styles.label ?? '' }}
        aria-label={t('assignments.wish_of', { group: group.name })}
        value={shown.wish}
        disabled={isOff}
        data={wishes.map((value) => ({ value, label: t(`assignments.wishes.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          const wish = wishes.find((known): known is Wish => known === value)
          if (wish !== undefined) onChange({ wish })
        }}
      />
      {takesLicense && (
        <NativeSelect
          size="sm"
          label={t('assignments.columns.license')}
          classNames={{ label: styles.label ?? '' }}
          aria-label={t('assignments.license_of', { group: group.name })}
          value={shown.licenseType}
          disabled={isOff || (onlyUsers && shown.licenseType === 'user')}
          data={licenseTypes.map((value) => ({ value, label: t(`assignments.license_types.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            onChange({ licenseType: value === 'user' ? 'user' : 'device' })
          }
        />
      )}
      {takesLicense && (
        <NumberInput
          size="sm"
          label={t('assignments.columns.priority')}
          classNames={{ label: styles.label ?? '' }}
          aria-label={t('assignments.priority_of', { group: group.name })}
          value={shown.priority}
          disabled={isOff}
          min={0}
          max={100}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={false}
          onChange={(value) => onChange({ priority: Number(value) || 0 })}
        />
      )}
    </>
  )
}
