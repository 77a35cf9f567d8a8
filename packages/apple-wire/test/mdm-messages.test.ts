import { describe, expect, test } from 'vitest'
import {
  type CheckIn,
  type EnrollmentIdentifier,
  enrollmentIdentifier,
  readCheckIn,
} from '../src/mdm-check-in.ts'
import { readReport } from '../src/mdm-report.ts'
import { bytesField, dictsField, numberField, textField, textsField } from '../src/plist-fields.ts'
import type { PlistDict } from '../src/plist-value.ts'
import { sample } from './support/mdm-samples.ts'

const topic = 'com.apple.mgmt.External.5f2d1c00-1111-4222-8333-aabbccddee01'
const udid = '00008120-001E58C12A31401E'

describe('a check-in message is read', () => {
  test('Authenticate, with what the device tells of itself', () => {
    expect(readCheckIn(sample('authenticate'))).toEqual({
      type: 'Authenticate',
      topic,
      serialNumber: 'HARBORPAD01',
      osVersion: '18.1',
      buildVersion: '22B83',
      productName: 'iPad14,3',
    })
  })

  test('TokenUpdate, without the unlock token', () => {
    const read = readCheckIn(sample('token-update'))
    expect(read).toEqual({
      type: 'TokenUpdate',
      topic,
      token: Uint8Array.from({ length: 32 }, (_, at) => 0xa0 + at),
      pushMagic: '8C0D7E9A-5B0B-4F7E-8E5F-8F0C2B7C9A10',
      awaitingConfiguration: false,
    })
  })

  const table: [what: string, dict: PlistDict, read: CheckIn | undefined][] = [
    ['CheckOut', sample('check-out'), { type: 'CheckOut', topic }],
    ['CheckOut without a topic', { MessageType: 'CheckOut' }, { type: 'CheckOut' }],
    ['UserAuthenticate', { MessageType: 'UserAuthenticate', UserID: 'u' }, { type: 'UserAuthenticate' }],
    ['GetBootstrapToken', { MessageType: 'GetBootstrapToken' }, { type: 'GetBootstrapToken' }],
    [
      'GetToken',
      { MessageType: 'GetToken', TokenServiceType: 'com.apple.maid' },
      { type: 'GetToken', service: 'com.apple.maid' },
    ],
    [
      'DeclarativeManagement',
      { MessageType: 'DeclarativeManagement', Endpoint: 'tokens' },
      { type: 'DeclarativeManagement', endpoint: 'tokens' },
    ],
    ['a message of another kind', { MessageType: 'Sing' }, { type: 'unknown', messageType: 'Sing' }],
    ['a message without a kind', { Topic: topic }, undefined],
    ['a kind that is no text', { MessageType: 7 }, undefined],
    ['Authenticate without a topic', { MessageType: 'Authenticate' }, undefined],
    ['TokenUpdate without a token', { MessageType: 'TokenUpdate', Topic: topic, PushMagic: 'm' }, undefined],
    [
      'TokenUpdate with an empty token',
      { MessageType: 'TokenUpdate', Topic: topic, PushMagic: 'm', Token: new Uint8Array() },
      undefined,
    ],
  ]
  for (const [what, dict, read] of table) test(what, () => expect(readCheckIn(dict)).toEqual(read))
})

describe('the sender of a message is', () => {
  const everyF = 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'
  const table: [who: string, dict: PlistDict, identifier: EnrollmentIdentifier | undefined][] = [
    ['a device', sample('authenticate'), { identifier: udid, kind: 'device' }],
    [
      'a User Enrollment',
      sample('authenticate-user-enrollment'),
      { identifier: '6b1f7a54-2f0e-4f3e-9a55-3b1a0c9d0e11', kind: 'user' },
    ],
    ['the UDID where both come', { UDID: 'A', EnrollmentID: 'B' }, { identifier: 'A', kind: 'device' }],
    ['a person on a Mac', { UDID: 'A', UserID: 'U' }, { identifier: 'A', kind: 'device', userPart: 'U' }],
    [
      'a person on a Shared iPad',
      { UDID: 'A', UserID: everyF, UserShortName: 'kim' },
      { identifier: 'A', kind: 'device', userPart: 'kim' },
    ],
    ['nobody on a Shared iPad without a name', { UDID: 'A', UserID: everyF }, undefined],
    [
      'a person of a User Enrollment',
      { EnrollmentID: 'B', EnrollmentUserID: 'U' },
      { identifier: 'B', kind: 'user', userPart: 'U' },
    ],
    ['nobody without an identifier', { MessageType: 'CheckOut' }, undefined],
    ['nobody by an identifier that no device has', { UDID: '../../etc' }, undefined],
    ['nobody by an empty identifier', { UDID: '' }, undefined],
    ['nobody by a UDID that is no text', { UDID: 7 }, undefined],
    ['nobody by an identifier without end', { UDID: 'a'.repeat(256) }, undefined],
  ]
  for (const [who, dict, identifier] of table) {
    test(who, () => expect(enrollmentIdentifier(dict)).toEqual(identifier))
  }
})

describe('a report is read', () => {
  test('Idle', () => {
    expect(readReport(sample('idle'))).toEqual({ status: 'Idle', errors: [], message: sample('idle') })
  })

  test('Acknowledged, with results at the top', () => {
    const report = readReport(sample('install-accepted'))
    expect(report?.status).toBe('Acknowledged')
    expect(report?.commandId).toBe('c0ffee00-0000-4000-8000-000000000001')
    expect(textField(report?.message ?? {}, 'State')).toBe('Installing')
  })

  test('Error, with its chain from the outermost on, in English where there is English', () => {
    expect(readReport(sample('install-refused'))?.errors).toEqual([
      { domain: 'MCMDMErrorDomain', code: 12064, text: 'No license for 900002' },
      { domain: 'ASDServerErrorDomain', code: 9610, text: 'License not found' },
    ])
  })

  const refused: [what: string, dict: PlistDict][] = [
    ['no status', { CommandUUID: 'c' }],
    ['a status that nobody knows', { Status: 'Perhaps', CommandUUID: 'c' }],
    ['an answer to nothing', { Status: 'Acknowledged' }],
  ]
  for (const [what, dict] of refused) test(`not with ${what}`, () => expect(readReport(dict)).toBe(undefined))

  test('with the parts of a chain that can be read, cut to a bearable size', () => {
    const long = Array.from({ length: 50 }, () => ({ ErrorCode: 1, LocalizedDescription: 'x'.repeat(5000) }))
    const errors =
      readReport({ Status: 'Error', CommandUUID: 'c', ErrorChain: ['text', ...long] })?.errors ?? []
    expect(errors).toHaveLength(20)
    expect(errors[0]).toEqual({ domain: '', code: 1, text: 'x'.repeat(1000) })
  })
})

describe('a field of another type is as good as absent', () => {
  const dict: PlistDict = {
    text: 't',
    number: 1,
    bytes: new Uint8Array([1]),
    list: ['a', 1, { b: true }],
    big: 2n ** 60n,
  }
  const table: [what: string, read: unknown, value: unknown][] = [
    ['a text', textField(dict, 'text'), 't'],
    ['a number as a text', textField(dict, 'number'), undefined],
    ['a number past 2^53', numberField(dict, 'big'), undefined],
    ['what is absent', numberField(dict, 'none'), undefined],
    ['bytes', bytesField(dict, 'bytes'), new Uint8Array([1])],
    ['the texts in a list', textsField(dict, 'list'), ['a']],
    ['the dictionaries in a list', dictsField(dict, 'list'), [{ b: true }]],
    ['what every object has', textField({}, 'toString'), undefined],
  ]
  for (const [what, read, value] of table) test(what, () => expect(read).toEqual(value))
})
