import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'

/** One device or person of a plan. */
export type PlanRow = Plan['outcome']['grants']['sample'][number]

/** A device by serial number or a person by name, and why it is where it is in the plan. */
export function PlanRowText({ row }: { readonly row: PlanRow }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { serialNumber, userName, deviceName, code, place } = row
  return (
    <>
      <Text span fw={550} inherit>
        {serialNumber ?? userName ?? t('plan.somebody')}
      </Text>
      {deviceName !== null && ` ${deviceName}`}
      <Text span c="dimmed" inherit>
        {' '}
        {t(`plan.reasons.${code}`, { place: place === null ? '' : number(place) })}
      </Text>
    </>
  )
}
