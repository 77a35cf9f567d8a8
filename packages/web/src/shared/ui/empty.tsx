import { Center, Stack, Text, ThemeIcon } from '@mantine/core'
import type { ReactNode } from 'react'

interface EmptyProps {
  readonly icon: ReactNode
  readonly title: string
  /** What to do about it, in a sentence. */
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** Says that there is nothing, why, and what to do. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <Center p="xl" mih="14rem">
      <Stack align="center" gap="xs" maw="30rem" ta="center">
        <ThemeIcon size={52} radius="xl" variant="light" aria-hidden="true">
          {icon}
        </ThemeIcon>
        <Text fw={600} mt={4}>
          {title}
        </Text>
        {children !== undefined && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action !== undefined && <div style={{ marginTop: 8 }}>{action}</div>}
      </Stack>
    </Center>
  )
}
