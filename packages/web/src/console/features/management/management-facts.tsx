import { useTranslation } from 'react-i18next'
import type { EnrollmentDetail } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'

const tones: Readonly<Record<EnrollmentDetail['state'], Tone>> = {
  authenticated: 'info',
  enrolled: 'good',
  left: 'neutral',
}

/** How an enrollment stands. */
export function ManagementFacts({ enrollment }: { readonly enrollment: EnrollmentDetail }) {
  const { t } = useTranslation()
  const { date, dateTime, number } = useFormats()
  const { state, enrolledAt, leftAt, leftCause, waiting, identity, storeAccountActive } = enrollment
  const isThere = state !== 'left'
  return (
    <div data-management={state}>
      <Facts>
        <Fact label={t('enrollment.links.columns.state')}>
          <Badge tone={tones[state]}>{t(`management.states.${state}`)}</Badge>
          {leftCause !== null && <div>{t(`management.causes.${leftCause}`)}</div>}
          {isThere && enrollment.awaitingConfiguration && <div>{t('management.in_setup')}</div>}
        </Fact>
        <Fact label={t('management.since')}>{dateTime(enrolledAt ?? enrollment.authenticatedAt)}</Fact>
        {isThere && enrollment.channel === 'nanomdm' && (
          <Fact label={t('management.enrolled_at')}>{t('management.at_nanomdm')}</Fact>
        )}
        {leftAt !== null && <Fact label={t('management.left')}>{dateTime(leftAt)}</Fact>}
        <Fact label={t('management.last_heard')}>
          <Ago at={enrollment.lastSeenAt} />
        </Fact>
        {isThere && (
          <>
            <Fact label={t('management.waiting')}>
              {waiting === 0
                ? t('management.nothing_waits')
                : t('management.commands', { count: waiting, shown: number(waiting) })}
            </Fact>
            <Fact label={t('management.woken')}>
              {enrollment.wokenAt === null ? null : <Ago at={enrollment.wokenAt} />}
            </Fact>
            {enrollment.wakeAt !== null && (
              <Fact label={t('management.wakes')}>
                <Ago at={enrollment.wakeAt} />
              </Fact>
            )}
            <Fact label={t('management.identity')}>{identity === null ? null : date(identity.notAfter)}</Fact>
            <Fact label={t('management.time_zone')}>{enrollment.timeZone}</Fact>
            <Fact label={t('management.store')}>
              {storeAccountActive === null
                ? null
                : t(storeAccountActive ? 'management.store_signed_in' : 'management.store_signed_out')}
            </Fact>
          </>
        )}
      </Facts>
    </div>
  )
}

function Ago({ at }: { readonly at: string }) {
  const { relative, dateTime } = useFormats()
  return <span title={dateTime(at)}>{relative(at)}</span>
}
