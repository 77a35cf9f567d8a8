import { Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/api/shapes.ts'
import { poolsQuery } from '../titles/queries.ts'
import styles from './assignments.module.css'
import { readConfiguration, writeConfiguration } from './configuration-text.ts'
import type { DraftGroup } from './draft.ts'
import { faultIn } from './rollout-draft.ts'
import type { Terms } from './terms.ts'
import { TermsReclaim } from './terms-reclaim.tsx'
import { TermsRollout } from './terms-rollout.tsx'
import { TermsSettings } from './terms-settings.tsx'
import { TermsShares } from './terms-shares.tsx'

interface TermsDrawerProps {
  readonly asset: Asset
  readonly group: DraftGroup
  readonly terms: Terms
  /** Takes the terms into the draft; they are saved with it, after its plan was seen. */
  readonly onUse: (terms: Terms) => void
  readonly onClose: () => void
}

/** What else an assignment says: shares, settings, when licenses come back, and in which waves it begins. */
export function TermsDrawer({ asset, group, terms, onUse, onClose }: TermsDrawerProps) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(terms)
  const [text, setText] = useState(writeConfiguration(terms.settings.configuration))
  const pools = useQuery(poolsQuery(asset.adamId))
  const configuration = readConfiguration(text)
  const isRefused = isShareRefused(draft) || faultIn(draft.rollout) !== null
  const isReadable = configuration.kind === 'none' || configuration.kind === 'fine'
  const change = (part: Partial<Terms>) => setDraft((present) => ({ ...present, ...part }))
  const takesLicense = draft.wish !== 'uninstall'
  const use = () => {
    const value = configuration.kind === 'fine' ? configuration.value : null
    onUse({ ...draft, settings: { ...draft.settings, configuration: value } })
  }
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={t('terms.title', { group: group.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 650, fontSize: '1.125rem' } }}
    >
      <Stack gap="xl">
        {takesLicense && <TermsShares terms={draft} severalPools={(pools.data ?? 1) > 1} onChange={change} />}
        <TermsRollout rollout={draft.rollout} onChange={(rollout) => change({ rollout })} />
        {takesLicense && asset.title.kind !== 'book' && (
          <TermsSettings
            settings={draft.settings}
            text={text}
            configuration={configuration}
            onText={setText}
            onChange={(settings) => change({ settings })}
          />
        )}
        {takesLicense &&
          (asset.revocable ? (
            <TermsReclaim reclaim={draft.reclaim} onChange={(reclaim) => change({ reclaim })} />
          ) : (
            <Text size="sm" c="dimmed">
              {t('terms.never_back')}
            </Text>
          ))}
      </Stack>
      <Group justify="space-between" className={styles.drawerFoot ?? ''}>
        <Text size="sm" c="dimmed" flex="1 1 12rem" visibleFrom="xs">
          {t('terms.saved_later')}
        </Text>
        <Group gap="sm" wrap="nowrap" ml="auto">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button disabled={isRefused || !isReadable} onClick={use}>
            {t('terms.use')}
          </Button>
        </Group>
      </Group>
    </Drawer>
  )
}

/** L9: no more can be kept for a group than it may hold. */
function isShareRefused({ reserve, quota }: Terms): boolean {
  return reserve !== null && quota !== null && reserve > quota
}
