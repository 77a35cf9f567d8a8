/** Dutch. */
import type { en } from '../en/en.ts'
import { apps, holders, operations } from './apps.ts'
import { assignments, targets } from './assignments.ts'
import { common, setup, shell, signIn, usage } from './common.ts'
import { devices, imports, users } from './directory.ts'
import { enrollment, management } from './enrollment.ts'
import { forecast } from './forecast.ts'
import { groups, rules } from './groups.ts'
import { idle } from './idle.ts'
import { installs, why } from './installs.ts'
import { interventions, ledger } from './licenses.ts'
import { overview } from './overview.ts'
import { double, people } from './people.ts'
import { plan, prompts } from './plan.ts'
import { problems } from './problems.ts'
import { audit, settings } from './system.ts'
import { rollout, terms } from './terms.ts'
import { titles } from './titles.ts'
import { tokenCare } from './token-care.ts'
import { tokens } from './tokens.ts'

export const nl: typeof en = {
  common,
  usage,
  shell,
  sign_in: signIn,
  setup,
  overview,
  tokens,
  token_care: tokenCare,
  apps,
  titles,
  holders,
  assignments,
  targets,
  plan,
  prompts,
  terms,
  rollout,
  operations,
  interventions,
  idle,
  ledger,
  forecast,
  devices,
  installs,
  enrollment,
  management,
  why,
  users,
  people,
  double,
  groups,
  rules,
  imports,
  audit,
  settings,
  problems,
}
