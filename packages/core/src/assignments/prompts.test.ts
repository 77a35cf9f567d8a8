import { describe, expect, test } from 'vitest'
import { type EnrolmentKind, enrolmentKinds, type LicenseRefusal, type LicenseType } from './license-rule.ts'
import {
  caveatsOf,
  installExperience,
  type Prompt,
  type PromptCaveat,
  promptScenarioId,
  promptScenarios,
} from './prompts.ts'

/** The published table: invited to the program, asked to install, asked for an Apple Account. */
const published: [EnrolmentKind, LicenseType, string][] = [
  ['byod', 'user', 'Y/Y/Y'],
  ['corporate_unsupervised', 'user', 'Y/Y/Y'],
  ['corporate_supervised', 'user', 'Y/N/Y'],
  ['byod', 'device', 'N/Y/N'],
  ['corporate_unsupervised', 'device', 'N/Y/N'],
  ['corporate_supervised', 'device', 'N/N/N'],
  ['kiosk', 'device', 'N/N/N'],
  ['kiosk', 'user', 'not supported'],
]

function columns(enrolment: EnrolmentKind, license: LicenseType): string {
  const experience = installExperience(enrolment, license)
  if (!experience.installable) return 'not supported'
  const asked = (prompt: Prompt) => (experience.prompts.includes(prompt) ? 'Y' : 'N')
  return `${asked('join-program')}/${asked('confirm-install')}/${asked('sign-in')}`
}

describe('A5 the table of eight, row by row', () => {
  test.each(published)('%s with a %s license: %s', (enrolment, license, row) =>
    expect(columns(enrolment, license)).toBe(row),
  )
  test('these eight are marked as published, and no other', () =>
    expect(new Set(promptScenarios.filter((row) => row.published).map((row) => row.id))).toEqual(
      new Set(published.map(([enrolment, license]) => promptScenarioId(enrolment, license))),
    ))
})

describe('A5 beside the table', () => {
  const asked: [EnrolmentKind, LicenseType, Prompt[]][] = [
    ['user_enrolment', 'user', ['confirm-install']],
    ['shared_ipad', 'device', []],
  ]
  test.each(asked)('%s with a %s license is asked %j', (enrolment, license, prompts) =>
    expect(installExperience(enrolment, license)).toEqual({ installable: true, prompts }),
  )

  const refused: [EnrolmentKind, LicenseType, LicenseRefusal][] = [
    ['user_enrolment', 'device', 'device_is_anonymous'],
    ['shared_ipad', 'user', 'shared_ipad_has_no_user'],
    ['kiosk', 'user', 'kiosk_has_no_user'],
  ]
  test.each(refused)('%s with a %s license cannot install: %s', (enrolment, license, reason) =>
    expect(installExperience(enrolment, license)).toEqual({ installable: false, reason }),
  )

  test('the person is asked to join, then to confirm, then to sign in', () =>
    expect(installExperience('byod', 'user')).toEqual({
      installable: true,
      prompts: ['join-program', 'confirm-install', 'sign-in'],
    }))
})

describe('A5 the rows for counting', () => {
  test('each kind of enrolment has one row per type of license, with an id of its own', () => {
    const ids = promptScenarios.map((row) => row.id)
    expect(new Set(ids).size).toBe(enrolmentKinds.length * 2)
    expect(ids).toHaveLength(enrolmentKinds.length * 2)
    expect(ids).toContain('byod_user')
  })
  test('a row carries what is asked', () => {
    const row = promptScenarios.find(({ id }) => id === 'corporate_supervised_user')
    expect(row).toMatchObject({ experience: { installable: true, prompts: ['join-program', 'sign-in'] } })
  })
})

describe('A5 what the table does not tell', () => {
  const rows: [EnrolmentKind, LicenseType, PromptCaveat[]][] = [
    ['corporate_supervised', 'device', ['update_asks_while_open']],
    ['corporate_supervised', 'user', ['update_asks_while_open', 'store_must_be_allowed']],
    ['shared_ipad', 'device', ['update_asks_while_open']],
    ['kiosk', 'device', ['no_updates_in_single_app_mode']],
    ['kiosk', 'user', []],
    ['byod', 'device', []],
    ['byod', 'user', ['store_must_be_allowed']],
    ['user_enrolment', 'user', ['store_must_be_allowed']],
    ['user_enrolment', 'device', []],
  ]
  test.each(rows)('%s with a %s license: %j', (enrolment, license, caveats) =>
    expect(caveatsOf(enrolment, license)).toEqual(caveats),
  )
})
