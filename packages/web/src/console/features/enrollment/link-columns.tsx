import { Button, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EnrollmentLink } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import type { Column } from '../../../shared/ui/rows.tsx'

const tones: Readonly<Record<EnrollmentLink['state'], Tone>> = {
  open: 'good',
  used: 'neutral',
  expired: 'neutral',
  revoked: 'neutral',
}

/** Whom or what a link is for, in a word. */
export function useLinkName(): (link: EnrollmentLink) => string {
  const { t } = useTranslation()
  return ({ user, serialNumber }) =>
    [user === null ? null : user.name || user.userName, serialNumber]
      .filter((part) => part !== null)
      .join(' · ') || t('enrollment.links.anyone')
}

/** How links are listed; an open one can be revoked. */
export function useLinkColumns(onRevoke: (link: EnrollmentLink) => void): readonly Column<EnrollmentLink>[] {
  const { t } = useTranslation()
  const { number, dateTime, relative } = useFormats()
  const nameOf = useLinkName()
  return [
    {
      key: 'for',
      header: t('enrollment.links.columns.for'),
      cell: (link) => (
        <>
          <Text size="sm" fw={550} className="truncate">
            {nameOf(link)}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {t(`devices.ownerships.${link.ownership}`)}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('enrollment.links.columns.state'),
      width: '8.5rem',
      phoneWidth: '6.5rem',
      cell: ({ state }) => <Badge tone={tones[state]}>{t(`enrollment.links.states.${state}`)}</Badge>,
    },
    {
      key: 'uses',
      header: t('enrollment.links.columns.uses'),
      width: '7rem',
      from: 'xs',
      cell: ({ uses, mostUses }) =>
        t('enrollment.links.used_of', { uses: number(uses), most: number(mostUses) }),
    },
    {
      key: 'expires',
      header: t('enrollment.links.columns.expires'),
      width: '9rem',
      from: 'xs',
      cell: ({ expiresAt }) => <span title={dateTime(expiresAt)}>{relative(expiresAt)}</span>,
    },
    {
      key: 'made',
      header: t('enrollment.links.columns.made'),
      from: 'lg',
      cell: ({ createdBy, createdAt }) =>
        t('enrollment.links.made_by', { by: createdBy, at: dateTime(createdAt) }),
    },
    {
      key: 'action',
      header: t('enrollment.links.columns.actions'),
      hiddenHeader: true,
      width: '8rem',
      phoneWidth: '6.5rem',
      align: 'end',
      cell: (link) =>
        link.state === 'open' && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('enrollment.links.revoke_of', { what: nameOf(link) })}
            onClick={() => onRevoke(link)}
          >
            {t('enrollment.links.revoke')}
          </Button>
        ),
    },
  ]
}
