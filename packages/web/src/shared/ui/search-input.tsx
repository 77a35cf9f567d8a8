import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface SearchInputProps {
  readonly label: string
  readonly value: string
  /** Called when typing pauses, and at once when the search is cleared. */
  readonly onChange: (value: string) => void
}

const pauseMilliseconds = 250

/** A search whose value lives in the address of the page. */
export function SearchInput({ label, value, onChange }: SearchInputProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const search = useDebouncedCallback(onChange, pauseMilliseconds)
  // The address can change without typing: back, forward, a link that clears the search.
  useEffect(() => setTyped((present) => (present.trim() === value ? present : value)), [value])
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={
        typed !== '' && (
          <CloseButton
            size="sm"
            aria-label={t('common.clear_search')}
            onClick={() => {
              setTyped('')
              onChange('')
            }}
          />
        )
      }
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        search(currentTarget.value.trim())
      }}
      flex="1 1 13rem"
      maw="26rem"
    />
  )
}
