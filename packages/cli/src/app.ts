/** The commands, as a table of contents, and how the command line speaks about its use. */
import {
  type Application,
  ArgumentScannerError,
  buildApplication,
  buildRouteMap,
  formatMessageForArgumentScannerError,
  text_en,
} from '@stricli/core'
import { installs as installsOfApp } from './commands/apps/installs.ts'
import { list as listApps } from './commands/apps/list.ts'
import { show as showApp } from './commands/apps/show.ts'
import { ask } from './commands/ask.ts'
import { assign } from './commands/assign.ts'
import { list as listAssignments } from './commands/assignments/list.ts'
import { rollout } from './commands/assignments/rollout.ts'
import { show as showAssignment } from './commands/assignments/show.ts'
import { list as listAudit } from './commands/audit/list.ts'
import { verify as verifyAudit } from './commands/audit/verify.ts'
import { completion } from './commands/completion.ts'
import { apps as appsOfDevice } from './commands/devices/apps.ts'
import { enrollments } from './commands/devices/enrollments.ts'
import { importFile as importDevices } from './commands/devices/import.ts'
import { list as listDevices } from './commands/devices/list.ts'
import { put as putDevice } from './commands/devices/put.ts'
import { removeFromManagement } from './commands/devices/remove-from-management.ts'
import { show as showDevice } from './commands/devices/show.ts'
import { targets as deviceTargets } from './commands/devices/targets.ts'
import { tryAgain as tryAppAgain } from './commands/devices/try-again.ts'
import { wake as wakeDevice } from './commands/devices/wake.ts'
import { why as whyOnDevice } from './commands/devices/why.ts'
import { doctor } from './commands/doctor.ts'
import { add as addMembers } from './commands/groups/add.ts'
import { create as createGroup } from './commands/groups/create.ts'
import { importFile as importGroups } from './commands/groups/import.ts'
import { list as listGroups } from './commands/groups/list.ts'
import { previewRule } from './commands/groups/preview-rule.ts'
import { remove as removeMembers } from './commands/groups/remove.ts'
import { setRule } from './commands/groups/set-rule.ts'
import { show as showGroup } from './commands/groups/show.ts'
import { ledger } from './commands/ledger.ts'
import { double } from './commands/licenses/double.ts'
import { forecast } from './commands/licenses/forecast.ts'
import { giveAgain } from './commands/licenses/give-again.ts'
import { freeIdle, listIdle } from './commands/licenses/idle.ts'
import { adopt, free, takeBack } from './commands/licenses/intervene.ts'
import { list as listLicenses } from './commands/licenses/list.ts'
import { records } from './commands/licenses/records.ts'
import { shoppingList } from './commands/licenses/shopping-list.ts'
import { undo } from './commands/licenses/undo.ts'
import { create as createLink } from './commands/links/create.ts'
import { list as listLinks } from './commands/links/list.ts'
import { revoke as revokeLink } from './commands/links/revoke.ts'
import { login } from './commands/login.ts'
import { logout } from './commands/logout.ts'
import { operations } from './commands/operations.ts'
import { overview } from './commands/overview.ts'
import { assign as planAssign } from './commands/plan/assign.ts'
import { members as planMembers } from './commands/plan/members.ts'
import { rows as planRows } from './commands/plan/rows.ts'
import { list as listPush } from './commands/push/list.ts'
import { request as requestPush } from './commands/push/request.ts'
import { upload as uploadPush } from './commands/push/upload.ts'
import { sim } from './commands/sim/routes.ts'
import { add as addToken } from './commands/token/add.ts'
import { change as changeToken } from './commands/token/change.ts'
import { deleteToken } from './commands/token/delete.ts'
import { findings } from './commands/token/findings.ts'
import { inspect as inspectToken } from './commands/token/inspect.ts'
import { list as listTokens } from './commands/token/list.ts'
import { renew as renewToken } from './commands/token/renew.ts'
import { show as showToken } from './commands/token/show.ts'
import { sync as syncToken } from './commands/token/sync.ts'
import { syncs } from './commands/token/syncs.ts'
import { takeOver as takeOverToken } from './commands/token/take-over.ts'
import { importFile as importUsers } from './commands/users/import.ts'
import { invitation } from './commands/users/invitation.ts'
import { list as listUsers } from './commands/users/list.ts'
import { put as putUser } from './commands/users/put.ts'
import { remove as removeUser } from './commands/users/remove.ts'
import { retry } from './commands/users/retry.ts'
import { show as showUser } from './commands/users/show.ts'
import { whoami } from './commands/whoami.ts'
import { describeFailure, exitCodeOf } from './failure.ts'
import type { CommandLine } from './world.ts'

const token = buildRouteMap({
  routes: {
    list: listTokens,
    show: showToken,
    inspect: inspectToken,
    add: addToken,
    change: changeToken,
    renew: renewToken,
    sync: syncToken,
    syncs,
    findings,
    takeOver: takeOverToken,
    delete: deleteToken,
  },
  defaultCommand: 'list',
  docs: { brief: 'Content tokens: the files with which Apple opens a location (formerly VPP tokens)' },
})

const apps = buildRouteMap({
  routes: { list: listApps, show: showApp, installs: installsOfApp },
  defaultCommand: 'list',
  docs: { brief: 'Apps and books that are owned' },
})

const idle = buildRouteMap({
  routes: { list: listIdle, free: freeIdle },
  defaultCommand: 'list',
  docs: { brief: 'Licenses that nobody can use, and freeing them' },
})

const licenses = buildRouteMap({
  routes: {
    list: listLicenses,
    takeBack,
    giveAgain,
    free,
    adopt,
    records,
    undo,
    idle,
    double,
    forecast,
    shoppingList,
  },
  defaultCommand: 'list',
  docs: { brief: 'Who holds licenses, taking them back by hand, how long they last' },
})

const devices = buildRouteMap({
  routes: {
    list: listDevices,
    show: showDevice,
    targets: deviceTargets,
    apps: appsOfDevice,
    why: whyOnDevice,
    tryAgain: tryAppAgain,
    enrollments,
    wake: wakeDevice,
    removeFromManagement,
    put: putDevice,
    import: importDevices,
  },
  defaultCommand: 'list',
  docs: { brief: 'Devices' },
})

const links = buildRouteMap({
  routes: { list: listLinks, create: createLink, revoke: revokeLink },
  defaultCommand: 'list',
  docs: { brief: 'Enrollment links: addresses at which devices come under management' },
})

const push = buildRouteMap({
  routes: { list: listPush, request: requestPush, upload: uploadPush },
  defaultCommand: 'list',
  docs: { brief: 'Apple’s push certificates, with which devices are woken' },
})

const users = buildRouteMap({
  routes: {
    list: listUsers,
    show: showUser,
    invitation,
    retry,
    put: putUser,
    remove: removeUser,
    import: importUsers,
  },
  defaultCommand: 'list',
  docs: { brief: 'Users' },
})

const groups = buildRouteMap({
  routes: {
    list: listGroups,
    show: showGroup,
    create: createGroup,
    setRule,
    previewRule,
    add: addMembers,
    remove: removeMembers,
    import: importGroups,
  },
  defaultCommand: 'list',
  docs: { brief: 'Groups of devices and of users' },
})

const assignments = buildRouteMap({
  routes: { list: listAssignments, show: showAssignment, rollout },
  defaultCommand: 'list',
  docs: { brief: 'Which groups get which apps, and how' },
})

const plan = buildRouteMap({
  routes: { assign: planAssign, members: planMembers, rows: planRows },
  defaultCommand: 'assign',
  docs: { brief: 'What a change would do, before it is made' },
})

const audit = buildRouteMap({
  routes: { list: listAudit, verify: verifyAudit },
  defaultCommand: 'list',
  docs: { brief: 'Who changed what' },
})

const root = buildRouteMap({
  routes: {
    login,
    logout,
    whoami,
    doctor,
    overview,
    token,
    apps,
    licenses,
    ledger,
    devices,
    links,
    push,
    users,
    groups,
    assignments,
    plan,
    assign,
    ask,
    operations,
    audit,
    sim,
    completion,
  },
  docs: {
    brief: 'Apps and books bought in volume from Apple',
    fullDescription: [
      'Every command takes --help and --json. Exit codes: 0 done, 1 failed, 2 wrong use, 3 not signed in,',
      '4 refused by the server, 5 server unreachable or unable to work, 6 done, with something to attend to.',
    ].join('\n'),
  },
})

/** The application of this version. */
export function commandLineApp(version: string): Application<CommandLine> {
  return buildApplication(root, {
    name: 'apportion',
    versionInfo: { currentVersion: version },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { caseStyle: 'convert-camel-to-kebab', onlyRequiredInUsageLine: true },
    determineExitCode: exitCodeOf,
    localization: {
      text: {
        ...text_en,
        exceptionWhileRunningCommand: (failure) => describeFailure(failure),
        commandErrorResult: (failure) => describeFailure(failure),
        exceptionWhileParsingArguments: (failure) =>
          `apportion: ${usageOf(failure)} (usage.arguments)\nSee: apportion COMMAND --help`,
        noCommandRegisteredForInput: ({ input, corrections }) =>
          `apportion: there is no command “${input}”${didYouMean(corrections)} (usage.command)\nSee: apportion --help`,
      },
    },
  })
}

function usageOf(failure: unknown): string {
  if (!(failure instanceof ArgumentScannerError))
    return failure instanceof Error ? failure.message : String(failure)
  return formatMessageForArgumentScannerError(failure, {})
}

function didYouMean(corrections: readonly string[]): string {
  return corrections.length === 0 ? '' : `; did you mean ${corrections.join(' or ')}?`
}
