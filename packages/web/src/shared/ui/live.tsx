import { VisuallyHidden } from '@mantine/core'

/** Says to a screen reader how far long work is; say something new only when it matters. */
export function Live({ children }: { readonly children: string }) {
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {children}
    </VisuallyHidden>
  )
}
