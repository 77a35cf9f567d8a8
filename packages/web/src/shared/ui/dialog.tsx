import { Modal } from '@mantine/core'
import { type ReactNode, type RefObject, useEffect } from 'react'
import { useTranslation } from 'react-i18next'

interface DialogProps {
  readonly title: string
  readonly size?: 'md' | 'lg' | 'xl'
  /** False where what the dialog shows would be lost. */
  readonly closeOnClickOutside?: boolean
  /** False while something else in front of it closes by the same key. */
  readonly closeOnEscape?: boolean
  /** Gets the focus back; left out, it is what had the focus when the dialog opened. */
  readonly returnTo?: RefObject<HTMLElement | null>
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * Something to do or to decide before going on; it is open as long as it is shown. The focus stays inside, and goes back where it came from.
 */
export function Dialog({ title, size = 'md', returnTo, children, ...rest }: DialogProps) {
  const { t } = useTranslation()
  useEffect(() => {
    const before = document.activeElement
    return () => {
      const target = returnTo?.current ?? before
      // The rest of the page is given back after this; only then can it take the focus.
      if (target instanceof HTMLElement) setTimeout(() => target.focus(), 0)
    }
  }, [returnTo])
  return (
    <Modal
      {...rest}
      opened
      size={size}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 650, fontSize: '1.125rem' } }}
    >
      {children}
    </Modal>
  )
}
