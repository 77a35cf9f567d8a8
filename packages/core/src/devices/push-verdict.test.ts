import { describe, expect, test } from 'vitest'
import { isTokenDead, type PushAnswer, type PushVerdict, pushVerdict } from './push-verdict.ts'

const since = new Date('2026-03-01T08:00:00Z')

describe('an answer of the push service', () => {
  const later = (reason: string, reconnect = false): PushVerdict => ({ kind: 'later', reason, reconnect })
  const cases: [string, PushAnswer, PushVerdict][] = [
    ['200 is accepted', { status: 200 }, { kind: 'accepted' }],
    [
      '410 says that the token is dead, and since when',
      { status: 410, reason: 'Unregistered', timestamp: since },
      { kind: 'token_dead', since },
    ],
    [
      '410 without a moment says so too',
      { status: 410, reason: 'ExpiredToken' },
      { kind: 'token_dead', since: null },
    ],
    [
      'a token of another topic is as good as dead',
      { status: 400, reason: 'DeviceTokenNotForTopic' },
      { kind: 'token_dead', since: null },
    ],
    [
      'a token that is none is as good as dead',
      { status: 400, reason: 'BadDeviceToken' },
      { kind: 'token_dead', since: null },
    ],
    [
      '403 refuses the certificate',
      { status: 403, reason: 'BadCertificate' },
      { kind: 'certificate_refused', reason: 'BadCertificate' },
    ],
    [
      '403 without a reason refuses it too',
      { status: 403 },
      { kind: 'certificate_refused', reason: 'status 403' },
    ],
    ['429 comes again later', { status: 429, reason: 'TooManyRequests' }, later('TooManyRequests')],
    ['500 comes again later', { status: 500, reason: 'InternalServerError' }, later('InternalServerError')],
    [
      'a shutdown comes again over a new connection',
      { status: 503, reason: 'Shutdown' },
      later('Shutdown', true),
    ],
    [
      'an idle connection comes again over a new one',
      { status: 400, reason: 'IdleTimeout' },
      later('IdleTimeout', true),
    ],
    ['a status that we do not know from Apple comes again later', { status: 599 }, later('status 599')],
    ['a bad topic is a defect', { status: 400, reason: 'BadTopic' }, { kind: 'refused', reason: 'BadTopic' }],
    ['a bad path is a defect', { status: 404, reason: 'BadPath' }, { kind: 'refused', reason: 'BadPath' }],
    [
      'a reason that we do not know is a defect',
      { status: 400, reason: 'Sunspots' },
      { kind: 'refused', reason: 'Sunspots' },
    ],
  ]
  for (const [title, answer, verdict] of cases)
    test(title, () => expect(pushVerdict(answer)).toEqual(verdict))
})

test('a token told after the moment that Apple names stays good', () => {
  const [earlier, after] = [new Date(since.getTime() - 1), new Date(since.getTime() + 1)]
  expect(isTokenDead(since, after)).toBe(false)
  expect(isTokenDead(since, since)).toBe(true)
  expect(isTokenDead(since, earlier)).toBe(true)
  expect(isTokenDead(null, after)).toBe(true)
})
