import { PRODUCT_NAME } from '@apportion/core/tokens/token-state'
import { Button, Checkbox, Group, NativeSelect, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { Token, TokenInspection } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { countries } from './countries.ts'
import { useAddToken } from './queries.ts'

interface ConfirmTokenProps {
  /** The text of the file. */
  readonly content: string
  readonly inspection: TokenInspection
  readonly onAdded: (token: Token) => void
}

/** T1, T4: shows what a token opens and who holds it, asks what Apple does not know, and for consent. */
export function ConfirmToken({ content, inspection, onAdded }: ConfirmTokenProps) {
  const { t } = useTranslation()
  const { country } = useFormats()
  const add = useAddToken()
  const { holder, known } = inspection
  const form = useForm({
    initialValues: {
      name: inspection.suggestedName,
      account: '',
      country: inspection.country,
      accountType: inspection.accountType,
      automaticUpdates: false,
      consent: false,
      takeOver: false,
    },
    validate: {
      name: (name) => (name.trim() === '' ? t('tokens.name_missing') : null),
      consent: (consent) => (consent ? null : t('tokens.consent_missing')),
      takeOver: (takeOver) => (holder !== null && !takeOver ? t('tokens.take_over_missing') : null),
    },
  })
  const choices = [...new Set([inspection.country, ...countries])]
    .map((code) => ({ value: code, label: country(code) }))
    .toSorted((one, other) => one.label.localeCompare(other.label))
  if (known !== null) return <AlreadyKnown known={known} />
  return (
    <Card title={t('tokens.confirm.title')}>
      <form
        onSubmit={form.onSubmit((values) => add.mutate({ ...values, content }, { onSuccess: onAdded }))}
        noValidate
      >
        <Stack gap="lg">
          <Inspected inspection={inspection} />
          {holder !== null && (
            <Notice
              tone="warn"
              title={t('tokens.confirm.held_title', {
                holder: holderOf(holder) ?? t('tokens.another_service'),
              })}
            >
              {t('tokens.confirm.held')}
              <Checkbox
                mt="sm"
                label={t('tokens.confirm.take_over')}
                {...form.getInputProps('takeOver', { type: 'checkbox' })}
              />
            </Notice>
          )}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              label={t('tokens.form.name')}
              description={t('tokens.form.name_hint')}
              {...form.getInputProps('name')}
            />
            <TextInput
              label={t('tokens.form.account')}
              description={t('tokens.form.account_hint')}
              {...form.getInputProps('account')}
            />
            <NativeSelect
              label={t('tokens.facts.country')}
              data={choices}
              {...form.getInputProps('country')}
            />
            <NativeSelect
              label={t('tokens.facts.type')}
              data={[
                { value: 'business', label: t('tokens.types.business') },
                { value: 'education', label: t('tokens.types.education') },
              ]}
              {...form.getInputProps('accountType')}
            />
          </SimpleGrid>
          <Switch
            label={t('tokens.form.updates')}
            description={t('tokens.form.updates_hint')}
            {...form.getInputProps('automaticUpdates', { type: 'checkbox' })}
          />
          <Checkbox
            label={t('tokens.confirm.consent')}
            description={t('tokens.confirm.consent_hint')}
            {...form.getInputProps('consent', { type: 'checkbox' })}
          />
          {add.isError && <ProblemAlert title={t('tokens.refused')} error={add.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={add.isPending}>
              {t('tokens.confirm.button')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

/** The other service by its name; another installation of this product by its address too, which tells the two apart. */
function holderOf({ id, name, metadata }: NonNullable<TokenInspection['holder']>): string | null {
  if (name === PRODUCT_NAME && metadata !== null && metadata !== '') return `${name} (${metadata})`
  return name ?? id
}

function Inspected({ inspection }: { readonly inspection: TokenInspection }) {
  const { t } = useTranslation()
  const { date, relative, country } = useFormats()
  return (
    <Facts>
      <Fact label={t('tokens.facts.organization')}>{inspection.organizationName}</Fact>
      <Fact label={t('tokens.facts.location')}>{inspection.locationName}</Fact>
      <Fact label={t('tokens.facts.country')}>{country(inspection.country)}</Fact>
      <Fact label={t('tokens.facts.expires')}>
        {date(inspection.expiresAt)} ({relative(inspection.expiresAt)})
      </Fact>
      <Fact label={t('tokens.facts.holder')}>
        {inspection.holder === null ? t('tokens.confirm.not_held') : holderOf(inspection.holder)}
      </Fact>
      <Fact label={t('tokens.facts.uid')}>{inspection.uid}</Fact>
    </Facts>
  )
}

function AlreadyKnown({ known }: { readonly known: NonNullable<TokenInspection['known']> }) {
  const { t } = useTranslation()
  return (
    <Notice tone="info" role="alert" title={t('tokens.known_title', { name: known.name })}>
      {t('tokens.known')}{' '}
      <TextLink to="/tokens/$id" params={{ id: known.tokenId }} inherit underline="always">
        {t('tokens.known_go', { name: known.name })}
      </TextLink>
    </Notice>
  )
}
