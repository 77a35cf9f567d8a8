import { IconAppWindow, IconBook2, IconDeviceImac } from '@tabler/icons-react'
import { useState } from 'react'
import styles from './app-icon.module.css'

interface AppIconProps {
  readonly url: string | null
  readonly kind?: 'app' | 'mac_app' | 'book'
  /** Edge in pixels. */
  readonly size?: number
}

const fallbacks = { app: IconAppWindow, mac_app: IconDeviceImac, book: IconBook2 } as const

/** A title's icon; a drawn one of its kind until Apple's is known. Decorative: the name stands beside it. */
export function AppIcon({ url, kind = 'app', size = 40 }: AppIconProps) {
  const [broken, setBroken] = useState(false)
  const Fallback = fallbacks[kind]
  return (
    <span className={styles.icon} style={{ width: size, height: size, borderRadius: size * 0.225 }}>
      {url === null || broken ? (
        <Fallback size={size * 0.55} stroke={1.5} aria-hidden="true" />
      ) : (
        <img src={url} alt="" width={size} height={size} loading="lazy" onError={() => setBroken(true)} />
      )}
    </span>
  )
}
