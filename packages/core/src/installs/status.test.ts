import { describe, expect, test } from 'vitest'
import { advanceByWish, begun } from './advance.ts'
import type { Install, InstallState } from './install.ts'
import { advanceByCommanded, advanceByDeclared, advanceByInvalid } from './status.ts'

const start = new Date('2026-11-01T08:00:00Z')
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const day = 86_400

const at = (state: InstallState, over: Partial<Install> = {}): Install => ({
  ...begun(start),
  state,
  cause: { code: 'queued' },
  dueAt: null,
  ...over,
})
const because = (code: string) => [{ code, description: 'as the device says' }]
const told = ({ state, cause }: Install) => `${state}: ${cause.code}`

describe('what a device reports of an app that is declared', () => {
  test.each<[state: string, from: InstallState, to: string]>([
    ['queued', 'commanded', 'installing: accepted'],
    ['prompting-for-consent', 'commanded', 'prompting: asked_to_agree'],
    ['prompting-for-login', 'commanded', 'prompting: asked_to_sign_in'],
    ['prompting-for-management', 'commanded', 'prompting: asked_to_hand_over'],
    ['downloading', 'commanded', 'installing: downloading'],
    ['installing', 'prompting', 'installing: downloading'],
    ['managed', 'installing', 'installed: verified'],
    ['managed', 'failed', 'installed: verified'],
    ['not-present', 'commanded', 'commanded: queued'],
    ['not-present', 'installed', 'removed: removed_by_person'],
    ['managed-but-uninstalled', 'installed', 'removed: removed_by_person'],
    ['optional', 'commanded', 'commanded: queued'],
    ['of-tomorrow', 'commanded', 'commanded: queued'],
    ['managed', 'removing', 'removing: queued'],
  ])('%s, from %s: %s', (state, from, to) => {
    expect(told(advanceByDeclared(at(from), { state, reasons: [] }, later(5)))).toBe(to)
  })

  test.each<[code: string, to: string]>([
    ['Error.LicenseNotFound', 'failed: license_not_found'],
    ['Error.UserRejected', 'refused: rejected_by_person'],
    ['Error.UnmanagedAppAlreadyInstalled', 'cannot_install: unmanaged_copy'],
    ['Error.DownloadFailed', 'failed: download_failed'],
    ['Error.NotSupported', 'cannot_install: not_supported'],
    ['Error.OfTomorrow', 'failed: other'],
    ['Info.UpdateAvailable', 'failed: device_failed'],
  ])('failed for %s: %s', (code, to) => {
    const failed = advanceByDeclared(at('installing'), { state: 'failed', reasons: because(code) }, later(5))
    expect(told(failed)).toBe(to)
  })

  test('the same failure told again is one attempt', () => {
    const said = { state: 'failed', reasons: because('Error.LicenseNotFound') }
    const first = advanceByDeclared(at('commanded'), said, later(5))
    expect(first).toMatchObject({ attempts: 1, dueAt: later(35) })
    expect(advanceByDeclared(first, said, later(10))).toBe(first)
  })

  test('a declaration that the device does not understand is a fault of ours', () => {
    const invalid = advanceByInvalid(at('commanded'), because('Error.UnknownPayloadKeys'), later(5))
    expect(told(invalid)).toBe('cannot_install: command_malformed')
  })

  test('a file that the device could not have is a failed download', () => {
    for (const code of [
      'Error.AssetCannotBeDownloaded',
      'Error.AssetCannotBeVerified',
      'Error.MissingAssets',
    ]) {
      expect(told(advanceByInvalid(at('commanded'), because(code), later(5)))).toBe('failed: download_failed')
    }
  })
})

describe('what a device reports of an app that came by a command', () => {
  test.each([
    ['managed', 'installed: verified'],
    ['prompting-for-login', 'prompting: asked_to_sign_in'],
    ['user-rejected', 'refused: rejected_by_person'],
    ['managed-but-uninstalled', 'installing: queued'],
  ])('%s: %s', (state, to) => {
    expect(told(advanceByCommanded(at('installing'), state, later(5)))).toBe(to)
  })
})

describe('a device that reports by itself', () => {
  const looked = { wish: 'install', canBeTold: true, reports: true } as const

  test('is not asked while it installs, and counts as not finished after a day of silence', () => {
    const installing = at('installing', { polls: 1, dueAt: later(15) })
    const first = advanceByWish(installing, looked, later(15))
    expect(first).toMatchObject({ act: null, install: { state: 'installing', dueAt: later(15 + day) } })
    const second = advanceByWish(first?.install ?? null, looked, later(15 + day))
    expect(second).toMatchObject({
      act: 'ask',
      install: { state: 'failed', cause: { code: 'not_finished' } },
    })
  })

  test('asks its person again after a day', () => {
    const prompting = at('prompting', { polls: 1, dueAt: later(15) })
    const first = advanceByWish(prompting, looked, later(15))
    const second = advanceByWish(first?.install ?? null, looked, later(15 + day))
    expect(second).toMatchObject({ act: 'install', install: { state: 'commanded', attempts: 1 } })
  })
})
