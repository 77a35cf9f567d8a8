import { List, NativeSelect, SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { countries } from './countries.ts'
import { countryChangeQuery } from './queries.ts'

interface EditCountryProps {
  readonly token: Token
  readonly country: string
  /** The form's own properties of the two fields. */
  readonly countryInput: object
  readonly typeInput: object
}

/** T7: another store or account type, with a warning of what that changes before it is saved. */
export function EditCountry({ token, country, countryInput, typeInput }: EditCountryProps) {
  const { t } = useTranslation()
  const { country: nameOf } = useFormats()
  const known = [token.country, ...(token.appleCountry === null ? [] : [token.appleCountry]), ...countries]
  const choices = [...new Set(known)]
    .map((code) => ({ value: code, label: nameOf(code) }))
    .toSorted((one, other) => one.label.localeCompare(other.label))
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NativeSelect label={t('token_care.country.label')} data={choices} {...countryInput} />
        <NativeSelect
          label={t('token_care.country.type')}
          data={[
            { value: 'business', label: t('tokens.types.business') },
            { value: 'education', label: t('tokens.types.education') },
          ]}
          {...typeInput}
        />
      </SimpleGrid>
      {country !== token.country && <CountryWarning token={token} country={country} />}
    </Stack>
  )
}

function CountryWarning({ token, country }: { readonly token: Token; readonly country: string }) {
  const { t } = useTranslation()
  const { country: nameOf, number } = useFormats()
  const query = useQuery(countryChangeQuery(token.id, country))
  if (query.isError) return <ProblemAlert error={query.error} />
  const { appleCountry } = token
  const title = t('token_care.country.warning_title', { from: nameOf(token.country), to: nameOf(country) })
  const change = query.data
  const titles = change?.titles ?? token.counts.assets
  return (
    <Notice tone="warn" role="status" title={title}>
      <List size="sm" spacing={2}>
        <List.Item>{t('token_care.country.sync', { count: titles, shown: number(titles) })}</List.Item>
        <List.Item>{t('token_care.country.stay')}</List.Item>
        {change !== undefined && change.missing > 0 && (
          <List.Item>{t('token_care.country.missing', { shown: number(change.missing) })}</List.Item>
        )}
        {appleCountry !== null && appleCountry !== country && (
          <List.Item>{t('token_care.country.apple', { country: nameOf(appleCountry) })}</List.Item>
        )}
        {change?.renamed.slice(0, 3).map(({ from, to }) => (
          <List.Item key={from}>{t('token_care.country.renamed', { from, to })}</List.Item>
        ))}
      </List>
    </Notice>
  )
}
