import { describe, expect, test } from 'vitest'
import { APP, BOOK, deviceScene } from '../support/device-scene.ts'

describe('S22 a book', () => {
  const BOOK_OF_STORE = { RequestType: 'InstallMedia', MediaType: 'Book', iTunesStoreID: BOOK }

  test('of the store takes a license of the person, says Installed and stays with them', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' })
    const refused = await at.tell(device, BOOK_OF_STORE)
    expect(refused).toMatchObject({ RejectionReason: 'PurchaseNotFound', ErrorChain: [{ ErrorCode: 12047 }] })
    at.giveAccount('sam@accounts.example', BOOK)
    device.signIn('sam@accounts.example')
    expect((await at.tell(device, BOOK_OF_STORE)).State).toBe('Installing')
    await at.devices.pass(60_000)
    const list = await at.tell(device, { RequestType: 'ManagedMediaList' })
    expect(list.Books).toEqual([{ iTunesStoreID: BOOK, State: 'Installed' }])
    device.leave()
    expect(device.books).toHaveLength(1)
  })

  test('of one’s own says Managed and goes with management', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' })
    const own = { MediaURL: 'https://harbor.example/knots.pdf', PersistentID: 'example.knots', Kind: 'pdf' }
    await at.tell(device, { RequestType: 'InstallMedia', MediaType: 'Book', ...own })
    await at.devices.pass(60_000)
    const list = await at.tell(device, { RequestType: 'ManagedMediaList' })
    expect(list.Books).toEqual([{ PersistentID: 'example.knots', Kind: 'pdf', State: 'Managed' }])
    device.leave()
    expect(device.books).toEqual([])
  })

  test('is removed by a number and by a text, and what is not there is acknowledged', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' })
    at.giveAccount('sam@accounts.example', BOOK)
    device.signIn('sam@accounts.example')
    for (const iTunesStoreID of [BOOK, String(BOOK)]) {
      await at.tell(device, BOOK_OF_STORE)
      const remove = { RequestType: 'RemoveMedia', MediaType: 'Book', iTunesStoreID }
      for (let times = 0; times < 2; times += 1) {
        expect((await at.tell(device, remove)).Status).toBe('Acknowledged')
        expect(device.books).toEqual([])
      }
    }
  })

  test('that is no book is refused', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' })
    const answer = await at.tell(device, { ...BOOK_OF_STORE, iTunesStoreID: APP })
    expect(answer).toMatchObject({ RejectionReason: 'CouldNotVerifyITunesStoreID', State: 'Failed' })
  })
})
