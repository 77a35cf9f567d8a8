export const people = {
  one: 'User',
  facts: 'About the person',
  managed_account: 'Managed Apple Account',
  none: 'Known at no location',
  none_hint:
    'Once the person is to get a user license, Apple is told, and how far the person is stands here.',
  state: 'State',
  known: 'Known to Apple since',
  email: 'Email address at Apple',
  licenses: 'User licenses',
  token: 'Content token',
  on_device: 'Asked on a device',
  asked: {
    waiting: 'The device asks as soon as it connects. Told {{at}}',
    shown: 'Shown on {{at}}. The person has joined once Apple says so',
    refused: 'The device did not show it on {{at}}: {{word}}',
    withdrawn: 'Taken back before the device asked; from {{at}}',
  },
  no_word: 'it gave no reason',
  states: {
    not_registered: 'Not registered',
    registering: 'Being registered',
    waiting_to_join: 'Waiting for the person to join',
    joined: 'Joined',
    refused: 'Refused by Apple',
    retired: 'Retired',
  },
  number: '(Apple’s error {{number}})',
  again: 'It is tried again by itself: {{at}}.',
  again_when_changed: 'It is tried again when the account or address changes, or when you ask.',
  retry: 'Try again',
  show_invitation: 'Show the invitation',
  invitation_hint:
    'The person opens this address and signs in with an Apple Account. Whoever has it can join instead, so send it to nobody else. That you looked is recorded.',
  copy: 'Copy the address',
  copied: 'Copied',
  problems: {
    account_not_usable: {
      says: 'Apple cannot associate this Managed Apple Account with the person.',
      advice:
        'Check that the account exists in the organization of the content token, and that whoever downloaded the token has a Managed Apple Account. Correct it, or take it away to invite the person instead.',
    },
    account_taken: {
      says: 'The Apple Account belongs to another user of this location already.',
      advice:
        'Each account works for one person. Give this person another, or retire the other registration.',
    },
    address_not_valid: {
      says: 'Apple does not take the email address.',
      advice: 'Correct the email address of the person; the registration then goes on by itself.',
    },
    passing: { says: 'Apple could not do it at this moment.', advice: 'There is nothing to do.' },
    other: { says: 'Apple refused.', advice: 'If it stays so, ask Apple with this number.' },
  },
}

export const double = {
  title: 'Licenses spent twice',
  lead: 'Pairs of licenses of one app of which one would do.',
  kind: 'Kind',
  kinds: { device_and_user: 'Device and user', two_accounts: 'Two accounts', two_locations: 'Two locations' },
  hints: {
    device_and_user:
      'A device has a license of its own, and its user another that serves the device as well.',
    two_accounts: 'One person holds the app with two Apple Accounts.',
    two_locations: 'One device or user has the app from two locations.',
  },
  in_migration_count: 'In migration: {{shown}}.',
  none: 'No license is spent twice',
  none_hint: 'Pairs like this will be listed here, with what to do about them.',
  columns: { app: 'App', first: 'First license', second: 'Second license', advice: 'What to do' },
  holders: { device: 'Device', user: 'User' },
  advice: {
    in_migration: 'In migration',
    free_first: 'Take back the first',
    free_second: 'Take back the second',
    choose: 'Change an assignment',
    keep: 'Cannot come back',
  },
}
