import type { Envelope } from '@apportion/apple-wire/messages'
import { describe, expect, test } from 'vitest'
import { claimRequest, type Holder, holderOf, RELEASED, releaseRequest } from '../src/claim.ts'

const our = { id: '0b6c8a52-5f0e-4d3a-9b0d-1f6f6f1f2a01', name: 'Apportion', metadata: 'mobility.example' }
const their = { id: 'another', name: 'Other', metadata: '' }

describe('who holds the unit, as an answer tells', () => {
  const answers: [
    title: string,
    envelope: Envelope | undefined,
    ourId: string | undefined,
    holder: Holder,
  ][] = [
    ['no answer', undefined, our.id, { kind: 'unknown' }],
    ['an answer that names no unit', {}, our.id, { kind: 'unknown' }],
    ['a unit without mdmInfo', { uId: '300' }, our.id, { kind: 'nobody' }],
    ['a unit whose mdmInfo is null', { uId: '300', mdmInfo: null }, our.id, { kind: 'nobody' }],
    ['a unit that was let go', { uId: '300', mdmInfo: RELEASED }, our.id, { kind: 'nobody' }],
    ['our id', { uId: '300', mdmInfo: our }, our.id, { kind: 'us' }],
    ['our id in capitals', { uId: '300', mdmInfo: our }, our.id.toUpperCase(), { kind: 'us' }],
    ['another id', { uId: '300', mdmInfo: their }, our.id, { kind: 'other', mdmInfo: their }],
    [
      'mdmInfo without an id',
      { uId: '300', mdmInfo: { name: 'X' } },
      our.id,
      { kind: 'other', mdmInfo: { name: 'X' } },
    ],
    [
      'any id, when we never claimed',
      { uId: '300', mdmInfo: our },
      undefined,
      { kind: 'other', mdmInfo: our },
    ],
  ]
  for (const [title, envelope, ourId, holder] of answers) {
    test(`${title}: ${holder.kind}`, () => expect(holderOf(envelope, ourId)).toEqual(holder))
  }
})

describe('a claim', () => {
  test('sends all four fields, since what Apple does with a missing one is not documented', () => {
    const target = {
      url: 'https://mobility.example/hooks/1',
      authToken: 's',
      types: ['ASSET_COUNT'],
    } as const
    expect(claimRequest(our, target)).toEqual({
      mdmInfo: our,
      notificationUrl: target.url,
      notificationAuthToken: 's',
      notificationTypes: ['ASSET_COUNT'],
    })
  })

  test('without an address subscribes to nothing', () => {
    expect(claimRequest(our, undefined)).toEqual({ mdmInfo: our, notificationTypes: [] })
  })
})

describe('letting go', () => {
  test('of a unit that is ours leaves a complete mdmInfo that reads as nobody, and no notifications', () => {
    const request = releaseRequest({ kind: 'us' }, { metadata: 'moved to another service' })
    expect(request).toEqual({
      mdmInfo: { ...RELEASED, metadata: 'moved to another service' },
      notificationTypes: [],
    })
    expect(holderOf({ uId: '300', mdmInfo: request?.mdmInfo ?? null }, our.id)).toEqual({ kind: 'nobody' })
  })

  const notOurs: Holder[] = [{ kind: 'unknown' }, { kind: 'nobody' }, { kind: 'other', mdmInfo: their }]
  for (const holder of notOurs) {
    test(`never writes over what is held by ${holder.kind}`, () => {
      expect(releaseRequest(holder)).toBeUndefined()
    })
  }
})
