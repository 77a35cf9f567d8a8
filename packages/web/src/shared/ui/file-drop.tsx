import { Button, FileButton, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import styles from './file-drop.module.css'

interface FileDropProps {
  /** As an `accept` attribute: `.vpptoken`. */
  readonly accept: string
  readonly prompt: string
  readonly button: string
  readonly hint?: string
  readonly file: File | null
  readonly disabled?: boolean
  readonly onFile: (file: File) => void
}

/** Takes one file, dropped or chosen. */
export function FileDrop({ accept, prompt, button, hint, file, disabled = false, onFile }: FileDropProps) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const dropped = event.dataTransfer.files.item(0)
    if (dropped !== null && !disabled) onFile(dropped)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the pointer's way; the button inside is everybody's
    <div
      className={`${styles.drop} ${over ? styles.over : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileUpload size={32} stroke={1.5} aria-hidden="true" />
      <Text size="sm">{file === null ? prompt : file.name}</Text>
      <FileButton
        accept={accept}
        onChange={(chosen) => chosen !== null && onFile(chosen)}
        disabled={disabled}
      >
        {(props) => (
          <Button {...props} variant={file === null ? 'filled' : 'default'} disabled={disabled}>
            {button}
          </Button>
        )}
      </FileButton>
      {hint !== undefined && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </div>
  )
}
