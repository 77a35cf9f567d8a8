import { NativeSelect, NumberInput, SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Terms } from './terms.ts'
import { TermsPart } from './terms-part.tsx'

const pools = ['own', 'country', 'most_free'] as const

interface TermsSharesProps {
  readonly terms: Terms
  /** Whether the title has pools at several locations (C3). */
  readonly severalPools: boolean
  readonly onChange: (part: Partial<Terms>) => void
}

/** L9, C3: how many licenses are kept for the group, how many it may hold, and from which pool they come. */
export function TermsShares({ terms, severalPools, onChange }: TermsSharesProps) {
  const { t } = useTranslation()
  const { reserve, quota } = terms
  const isTooMuch = reserve !== null && quota !== null && reserve > quota
  return (
    <TermsPart title={t('terms.shares.title')} lead={t('terms.shares.lead')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t('terms.shares.reserve')}
          description={t('terms.shares.reserve_hint')}
          placeholder={t('terms.shares.reserve_none')}
          value={reserve ?? ''}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          error={isTooMuch ? t('terms.shares.too_much') : null}
          onChange={(value) => onChange({ reserve: countOf(value, 1) })}
        />
        <NumberInput
          label={t('terms.shares.quota')}
          description={t('terms.shares.quota_hint')}
          placeholder={t('terms.shares.quota_none')}
          value={quota ?? ''}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          onChange={(value) => onChange({ quota: countOf(value, 0) })}
        />
      </SimpleGrid>
      {(severalPools || terms.pools !== 'own') && (
        <NativeSelect
          label={t('terms.shares.pools')}
          description={t('terms.shares.pools_hint')}
          value={terms.pools}
          data={pools.map((value) => ({ value, label: t(`terms.pools.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            onChange({ pools: pools.find((known) => known === value) ?? 'own' })
          }
        />
      )}
    </TermsPart>
  )
}

/** The number in a field; null when it is empty or too small to mean anything. */
function countOf(value: string | number, least: number): number | null {
  if (value === '') return null
  const count = Number(value)
  return Number.isInteger(count) && count >= least ? count : null
}
