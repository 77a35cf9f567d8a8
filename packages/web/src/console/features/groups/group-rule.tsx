import { Button, Group as Row, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Group } from '../../../shared/api/shapes.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { useUpdateGroup } from './queries.ts'
import { RuleDialog } from './rule-dialog.tsx'
import { ruleOf, ruleText } from './rule-words.ts'

/** By what rule a group finds its devices, and changing that; nothing for a group of picked members. */
export function GroupRulePart({ group }: { readonly group: Group }) {
  const { t } = useTranslation()
  const [changing, change] = useDisclosure(false)
  const [picking, pick] = useDisclosure(false)
  const update = useUpdateGroup(group.id)
  const rule = ruleOf(group)
  if (rule === undefined) return null
  return (
    <Card
      title={t('rules.title')}
      actions={
        <Row gap="xs">
          <Button size="xs" variant="default" onClick={pick.open}>
            {t('rules.pick')}
          </Button>
          <Button size="xs" onClick={change.open}>
            {t('rules.change')}
          </Button>
        </Row>
      }
    >
      <Stack gap={4}>
        <Text size="sm">{t('rules.sentence', { rule: ruleText(rule, t) })}</Text>
        <Text size="sm" c="dimmed">
          {t('rules.follows')}
        </Text>
      </Stack>
      {changing && <RuleDialog group={group} onClose={change.close} />}
      {picking && (
        <Ask
          title={t('rules.pick_title')}
          verb={t('rules.pick')}
          pending={update.isPending}
          error={update.error}
          onConfirm={() => update.mutate({ rule: null }, { onSuccess: pick.close })}
          onClose={pick.close}
        >
          {t('rules.pick_text')}
        </Ask>
      )}
    </Card>
  )
}
