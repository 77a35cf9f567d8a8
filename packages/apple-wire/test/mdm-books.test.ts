import { readManagedBooks } from '@apportion/apple-wire/mdm-books'
import { readInvitationResult } from '@apportion/apple-wire/mdm-program'
import { readPlistDict, writePlist } from '@apportion/apple-wire/plist'
import { describe, expect, test } from 'vitest'

const sent = (message: Parameters<typeof writePlist>[0]) => readPlistDict(Buffer.from(writePlist(message)))

describe('the list of books is read', () => {
  test('with the number as a number or a text, without documents', () => {
    const books = [
      { iTunesStoreID: 900002, State: 'Installed' },
      { iTunesStoreID: '900003', State: 'Marinating' },
      { PersistentID: 'org.example.handbook', State: 'Managed' },
      { iTunesStoreID: 900004 },
    ]
    expect(readManagedBooks(sent({ Books: books }))).toEqual([
      { adamId: '900002', state: 'Installed' },
      { adamId: '900003', state: 'Marinating' },
    ])
  })

  test('an empty list is one, and none is none', () => {
    expect(readManagedBooks(sent({ Books: [] }))).toEqual([])
    expect(readManagedBooks(sent({ Status: 'Error' }))).toBeUndefined()
  })
})

test.each([
  ['Acknowledged', { InvitationResult: 'Acknowledged' }],
  ['InvalidInvitationURL', { InvitationResult: 'InvalidInvitationURL' }],
  [undefined, { InvitationResult: 7 }],
  [undefined, {}],
])('the result of an invitation is read: %s', (result, message) => {
  expect(readInvitationResult(sent(message))).toBe(result)
})
