import { Text } from '@mantine/core'
import { useState } from 'react'
import { PlanDialog } from './plan-dialog.tsx'
import type { AskedPlan } from './queries.ts'

interface MembersPlanProps {
  readonly first: AskedPlan
  /** Who joins or leaves. */
  readonly lead: string
  readonly onSaved: () => void
  readonly onClose: () => void
}

/** A4: what other members of a group would change, before they become its members. */
export function MembersPlan({ first, lead, onSaved, onClose }: MembersPlanProps) {
  const [asked, setAsked] = useState(first)
  return (
    <PlanDialog
      asked={asked}
      lead={<Text size="sm">{lead}</Text>}
      onPlan={setAsked}
      onSaved={onSaved}
      onClose={onClose}
    />
  )
}
