/** What happened to an installation and what to do about it, in plain words (D7, D8). */
import type { FailureCode } from './failures.ts'
import type { StepCode } from './install.ts'
import type { AdviceCode, WhyCode } from './why.ts'

/** What each failure means, in English. */
export const failureSentences: Readonly<Record<FailureCode, string>> = {
  license_not_found:
    'The App Store does not know of a license for this device yet. Right after it was given that passes by itself.',
  rejected_by_person: 'The person holding the device declined the installation.',
  takeover_rejected:
    'The app is there already as the person’s own, and stays unmanaged: the person declined to hand it over, or has not answered.',
  unmanaged_copy: 'The person’s own copy of the app is on the device, and it may not be taken over.',
  sign_in_required: 'Nobody is signed in to the App Store on the device, which a user license needs.',
  store_disabled: 'The App Store is disabled on the device.',
  installs_disabled: 'Installing apps is disabled on the device by a restriction.',
  locked_to_one_app: 'The device is locked to one app, and takes no other as long as it is.',
  unknown_to_store: 'The device could not verify the title at the App Store of its country.',
  cannot_be_purchased: 'The App Store does not let this device have the title.',
  needs_redemption_code: 'The device asks for a redemption code, as for an app without a license.',
  not_an_app: 'This is not a title that can be installed like this.',
  system_app: 'This is a part of the system and cannot be installed.',
  not_supported: 'The device does not support this installation.',
  right_missing: 'The enrollment profile does not allow managing apps.',
  command_malformed: 'The device did not understand the command.',
  download_failed: 'The download failed.',
  device_fault: 'The device reported a fault of its own.',
  device_failed: 'The installation failed on the device, which gave no reason.',
  other: 'The device refused for a reason that has no meaning here yet; its own words are shown.',
}

/** What each step means, in English. */
export const stepSentences: Readonly<Record<StepCode, string>> = {
  license_confirmed: 'Apple confirmed the license; the device is to be told.',
  queued: 'The device is told as soon as it connects.',
  asked_to_agree: 'The person is being asked to allow the installation.',
  asked_to_sign_in: 'The person is being asked to sign in to the App Store.',
  asked_to_hand_over: 'The person is being asked to hand their own copy over.',
  accepted: 'The device accepted the installation.',
  downloading: 'It is being downloaded and installed.',
  verified: 'The device says that it is installed.',
  not_finished: 'The installation did not end although the device accepted it; it is looked after daily.',
  prompt_ignored: 'The person was asked seven times and did not answer.',
  silent: 'The device has not answered for 14 days.',
  removed_by_person: 'The person deleted it.',
  removal_queued: 'The device is told to remove the app as soon as it connects.',
  gone: 'The device says that the app is gone.',
  was_not_managed: 'The app was not, or no longer, under management on the device.',
  code_returned:
    'The device gave a redemption code back that it did not need; only the end of the code is kept.',
  license_back: 'The app is gone, and its license is back.',
  license_lost: 'The license is gone, so the device was not told.',
  not_wanted: 'No assignment means it for this device any more.',
  management_ended: 'The device left management.',
}

/** One sentence about why an installation stands as it does. */
export function causeSentence(code: FailureCode | StepCode): string {
  return code in failureSentences ? failureSentences[code as FailureCode] : stepSentences[code as StepCode]
}

/** What each link of the chain says, in English. */
export const whySentences: Readonly<Record<WhyCode, string>> = {
  is_required: 'An assignment requires it.',
  was_asked_for: 'It is available, and was asked for.',
  is_to_be_removed: 'An assignment has it removed.',
  no_assignment: 'No assignment reaches this device.',
  is_excluded: 'A group of the device is excluded.',
  later_wave: 'The device comes in a later wave of the rollout.',
  not_asked_for: 'It is available, and nobody has asked for it.',
  is_withheld: 'It was taken back by hand and is withheld.',
  does_not_fit: 'The title does not run on this device, or its license does not work there.',
  license_held: 'Apple confirmed the license.',
  license_on_its_way: 'A license is reserved.',
  waits_for_license: 'No license is free; the device stands in the queue.',
  license_refused: 'Apple refused the license.',
  person_not_joined: 'The person has not joined at Apple yet, which a user license needs.',
  license_on_its_way_back: 'The license is being taken back.',
  request_done: 'Apple has given it.',
  request_recorded: 'The request to Apple is recorded and leaves in a moment.',
  request_sent: 'The request is at Apple; its outcome is not known yet.',
  request_unknown: 'The answer to the request was lost; what Apple did is being read back.',
  is_managed: 'The device is under management.',
  is_not_managed: 'The device is not under the management of this server.',
  in_setup: 'The device is in Setup Assistant.',
  push_lost: 'Apple says that the device cannot be woken any more.',
  command_answered: 'The device has answered.',
  command_queued: 'The device is told as soon as it connects.',
  command_sent: 'The device was told and has not answered yet.',
  command_put_off: 'The device put it off, as it does while it is locked after a restart.',
  device_says: 'The device says how it stands.',
  store_signed_out: 'Nobody is signed in to the App Store on the device, which a user license needs.',
  store_other_account:
    'The account that is signed in to the App Store on the device is not the one that accepted the invitation.',
}

/** One sentence about a link of the chain. */
export function whySentence(code: WhyCode): string {
  return whySentences[code]
}

/** Each advice, in English. */
export const adviceSentences: Readonly<Record<AdviceCode, string>> = {
  done: 'Nothing is to be done.',
  nothing: 'Nothing: it goes on by itself.',
  assign_it: 'Assign the app to a group that the device or its person is in.',
  check_exclusion: 'Take the device out of the excluded group, or change the exclusion.',
  ask_for_it: 'Ask for it for this device, or require it.',
  give_again: 'Give it again on the page of the device.',
  another_device: 'Choose another device or another title; the page of the device says what fits.',
  buy_or_reclaim: 'Buy more licenses, or free idle ones.',
  see_refusal: 'See what Apple said on the page of the app; it is tried again by itself.',
  let_person_join: 'Let the person accept the invitation, or give it again on the person’s page.',
  enroll_device: 'Enroll the device, or look in the device management that it is under.',
  finish_setup: 'Finish Setup Assistant on the device.',
  enroll_again: 'Enroll the device again.',
  let_device_connect: 'Unlock the device and see that it is on line; it is told as soon as it connects.',
  let_person_agree: 'Let the person agree on the device; it asks again once a day.',
  let_person_sign_in: 'Let the person sign in to the App Store, or use a device license.',
  use_joined_account:
    'Let the person sign in to the App Store with the account that accepted the invitation.',
  allow_store: 'Allow the App Store and installing in the restrictions of the device.',
  end_app_lock: 'End the lock to one app where it was set, and try again; it is tried again daily by itself.',
  delete_own_copy: 'Let the person delete their own copy of the app first.',
  try_again: 'Try again; if it stays so, restart the device.',
  leave_out_code:
    'No code is given here: see that nothing else installs the app with one, and try again with the license.',
  report_fault: 'Report it with the device’s own words that are shown here.',
}

/** What to do now, in one sentence. */
export function adviceSentence(code: AdviceCode): string {
  return adviceSentences[code]
}
