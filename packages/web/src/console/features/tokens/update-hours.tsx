import { Group, Stack, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The hours in which apps are updated; empty texts are no hours. */
export interface HoursDraft {
  readonly limited: boolean
  readonly from: string
  readonly until: string
  readonly zone: string
}

/** What a draft begins with: the token's own hours, or a night in the place of whoever looks. */
export function hoursDraft(
  hours: { readonly from: string; readonly until: string; readonly zone: string } | null,
): HoursDraft {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return { limited: hours !== null, ...(hours ?? { from: '22:00', until: '05:00', zone: timeZone }) }
}

/** The hours of a draft as the server takes them. */
export function hoursOf({ limited, from, until, zone }: HoursDraft) {
  return limited ? { from, until, zone: zone.trim() } : null
}

interface UpdateHoursProps {
  readonly draft: HoursDraft
  readonly onChange: (draft: HoursDraft) => void
}

/** D5: in which hours of the day devices update apps by themselves. */
export function UpdateHours({ draft, onChange }: UpdateHoursProps) {
  const { t } = useTranslation()
  return (
    <Stack gap="xs">
      <Switch
        label={t('tokens.form.hours')}
        description={t('tokens.form.hours_hint')}
        checked={draft.limited}
        onChange={(event) => onChange({ ...draft, limited: event.currentTarget.checked })}
      />
      {draft.limited && (
        <Group grow align="flex-start">
          <TextInput
            type="time"
            label={t('tokens.form.hours_from')}
            value={draft.from}
            onChange={(event) => onChange({ ...draft, from: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label={t('tokens.form.hours_until')}
            value={draft.until}
            onChange={(event) => onChange({ ...draft, until: event.currentTarget.value })}
          />
          <TextInput
            label={t('tokens.form.hours_zone')}
            value={draft.zone}
            onChange={(event) => onChange({ ...draft, zone: event.currentTarget.value })}
          />
        </Group>
      )}
    </Stack>
  )
}
