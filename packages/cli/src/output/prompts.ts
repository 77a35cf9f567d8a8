/** What people will be asked before the app appears, as a table (A5). */
import type { Outcome } from '../planning.ts'
import { type Column, type TableLook, table } from './table.ts'

type Scenario = Outcome['prompts'][number]

/** The table, and below it what it does not tell; null when nobody is served. */
export function describePrompts(scenarios: readonly Scenario[], look: TableLook): string | null {
  if (scenarios.length === 0) return null
  const caveats = new Set(scenarios.flatMap((each) => each.caveats))
  const notes = [...caveats].map((caveat) => `  ${caveatWords[caveat]}`)
  return ['What people will be asked:', table(scenarios, columns, look), ...notes].join('\n')
}

const columns: readonly Column<Scenario>[] = [
  { title: 'DEVICES', of: ({ devices }) => devices },
  { title: 'ENROLLMENT', of: ({ scenario }) => enrolmentOf(scenario) },
  { title: 'LICENSE', of: ({ scenario }) => scenario.slice(scenario.lastIndexOf('_') + 1) },
  { title: 'ASKED', of: ({ prompts }) => askedOf(prompts), flexible: true },
]

/** A scenario names the kind of enrollment and then the type of license: `byod_user`. */
function enrolmentOf(scenario: string): string {
  const kind = scenario.slice(0, scenario.lastIndexOf('_'))
  return enrolmentWords[kind] ?? kind
}

function askedOf(prompts: Scenario['prompts']): string {
  if (prompts.length === 0) return 'nothing: it appears silently'
  return prompts.map((prompt) => promptWords[prompt]).join(', ')
}

const enrolmentWords: Readonly<Record<string, string>> = {
  user_enrolment: 'User Enrollment',
  shared_ipad: 'Shared iPad',
  kiosk: 'kiosk',
  byod: 'personal device',
  corporate_supervised: 'supervised',
  corporate_unsupervised: 'not supervised',
}

/** In the order in which a person meets them. */
const promptWords: Readonly<Record<Scenario['prompts'][number], string>> = {
  'join-program': 'to join Apps and Books',
  'confirm-install': 'to agree to the installation',
  'sign-in': 'to sign in to the App Store',
}

const caveatWords: Readonly<Record<Scenario['caveats'][number], string>> = {
  update_asks_while_open: 'Supervised devices ask before an update while the app is open.',
  no_updates_in_single_app_mode: 'In single-app mode the app is not updated.',
  store_must_be_allowed: 'User licenses need the App Store, which a policy can disable.',
}
