import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface TermsPartProps {
  readonly title: string
  readonly lead: string
  readonly children: ReactNode
}

/** One part of the terms of an assignment, with a heading and what it is for. */
export function TermsPart({ title, lead, children }: TermsPartProps) {
  return (
    <section aria-label={title}>
      <Title order={3}>{title}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {lead}
      </Text>
      <Stack gap="md">{children}</Stack>
    </section>
  )
}
