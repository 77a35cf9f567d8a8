import { describe, expect, test } from 'vitest'
import {
  enrollingVerdict,
  type KnownCertificate,
  type MessageRefusal,
  messageVerdict,
} from './message-verdict.ts'

const enrolled = { identifier: 'A', leftCause: null }
const gone = (leftCause: string, state: KnownCertificate['state'] = 'revoked'): KnownCertificate => ({
  state,
  enrollment: { identifier: 'A', leftCause },
})

describe('a message', () => {
  const cases: [string, KnownCertificate | undefined, string, string, MessageRefusal | null][] = [
    [
      'of a certificate that we never issued is refused',
      undefined,
      'Authenticate',
      'A',
      'certificate_unknown',
    ],
    [
      'Authenticate of a new certificate is taken, whatever device it names',
      { state: 'issued', enrollment: null },
      'Authenticate',
      'B',
      null,
    ],
    [
      'TokenUpdate before Authenticate is refused',
      { state: 'issued', enrollment: null },
      'TokenUpdate',
      'A',
      'not_authenticated',
    ],
    [
      'Idle before Authenticate is refused',
      { state: 'issued', enrollment: null },
      'Idle',
      'A',
      'not_authenticated',
    ],
    [
      'Authenticate of a renewed certificate is taken from the device that it renews',
      { state: 'issued', enrollment: enrolled },
      'Authenticate',
      'A',
      null,
    ],
    [
      'Authenticate of a renewed certificate is refused to another device',
      { state: 'issued', enrollment: enrolled },
      'Authenticate',
      'B',
      'other_device',
    ],
    [
      'Idle of a renewed certificate is taken, should the device not begin with Authenticate',
      { state: 'issued', enrollment: enrolled },
      'Idle',
      'A',
      null,
    ],
    [
      'Idle of a renewed certificate is refused to another device',
      { state: 'issued', enrollment: enrolled },
      'Idle',
      'B',
      'other_device',
    ],
    [
      'of the device that the certificate is tied to is taken',
      { state: 'pinned', enrollment: enrolled },
      'Idle',
      'A',
      null,
    ],
    ['Authenticate again is taken', { state: 'pinned', enrollment: enrolled }, 'Authenticate', 'A', null],
    [
      'Authenticate for a second device is refused',
      { state: 'pinned', enrollment: enrolled },
      'Authenticate',
      'B',
      'other_device',
    ],
    [
      'naming another device is refused',
      { state: 'pinned', enrollment: enrolled },
      'CheckOut',
      'B',
      'other_device',
    ],
    [
      'of a certificate that was replaced is refused',
      { state: 'superseded', enrollment: enrolled },
      'Authenticate',
      'A',
      'certificate_superseded',
    ],
    [
      'of a certificate that was taken back is refused',
      { state: 'revoked', enrollment: enrolled },
      'Authenticate',
      'A',
      'certificate_revoked',
    ],
    ['CheckOut again is taken', gone('checked_out'), 'CheckOut', 'A', null],
    ['other than CheckOut after CheckOut is refused', gone('checked_out'), 'Idle', 'A', 'left'],
    [
      'of a device that enrolled again is refused to the old certificate',
      gone('enrolled_again'),
      'CheckOut',
      'A',
      'left',
    ],
    [
      'of a device that an administrator removed tells it so',
      gone('removed_by_administrator'),
      'Idle',
      'A',
      'removed',
    ],
    [
      'never tells a device of the removal of another',
      gone('removed_by_administrator'),
      'Idle',
      'B',
      'other_device',
    ],
  ]
  for (const [title, certificate, type, identifier, refusal] of cases) {
    test(title, () => {
      const verdict = messageVerdict(certificate, { type, identifier })
      expect(verdict).toEqual(refusal === null ? { accepted: true } : { accepted: false, refusal })
    })
  }
})

describe('a step of enrolling', () => {
  const hour = 3_600_000
  const cases: [string, boolean, number, MessageRefusal | null][] = [
    ['is taken at once', true, 0, null],
    ['is taken a day after the one before', true, 24 * hour, null],
    ['is refused later than that', true, 24 * hour + 1, 'enrolled_too_late'],
    ['is refused once the link stands no more', false, 0, 'link_revoked'],
  ]
  test.each(cases)('%s', (_, linkStands, age, refusal) => {
    const since = new Date('2027-01-01T12:00:00Z')
    const verdict = enrollingVerdict({ linkStands, since }, new Date(since.getTime() + age))
    expect(verdict).toEqual(refusal === null ? { accepted: true } : { accepted: false, refusal })
  })
})
