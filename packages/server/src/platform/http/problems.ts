/**
 * Every code that the API can answer with, and the HTTP status and title it has (RFC 9457).
 *
 * The one place where a code meets a status. A feature adds its lines under its own heading; a code
 * never changes its meaning, because scripts compare with it.
 */
export const problemStatus = {
  // requests
  'request.invalid': { status: 400, title: 'The request is not valid' },
  'request.too_large': { status: 413, title: 'The request is too large' },
  'request.unsupported_type': { status: 415, title: 'The content type is not supported' },
  'request.too_many': { status: 429, title: 'Too many requests' },
  not_found: { status: 404, title: 'Not found' },

  // sign-in
  'session.required': { status: 401, title: 'Sign-in required' },
  'session.csrf': { status: 403, title: 'The request did not come from the console' },
  'session.wrong_credentials': { status: 401, title: 'Wrong email address or password' },
  'session.too_many_attempts': { status: 429, title: 'Too many attempts to sign in' },
  'setup.done': { status: 409, title: 'Already set up' },
  'setup.wrong_code': { status: 403, title: 'Wrong setup code' },
  'administrator.weak_password': { status: 422, title: 'The password is too weak' },
  'api_key.unknown': { status: 404, title: 'No such API key' },

  // the world around the server
  'server.starting': { status: 503, title: 'The server is starting' },
  'server.busy': { status: 503, title: 'The server is too busy' },
  'database.unavailable': { status: 503, title: 'The database is not available' },
  'disk.full': { status: 507, title: 'The disk is full' },
  'apple.unreachable': { status: 502, title: 'Apple cannot be reached' },
  'apple.refused': { status: 502, title: 'Apple refused the request' },

  // content tokens
  'token.empty': { status: 422, title: 'The token file is empty' },
  'token.too_large': { status: 422, title: 'The token file is too large' },
  'token.not_base64': { status: 422, title: 'The token file is not Base64' },
  'token.not_json': { status: 422, title: 'The token file does not contain JSON' },
  'token.incomplete': { status: 422, title: 'The token file misses a field' },
  'token.bad_date': { status: 422, title: 'The token file has an unreadable expiry date' },
  'token.expired': { status: 422, title: 'The content token has expired' },
  'token.revoked': { status: 422, title: 'The content token was revoked' },
  'token.invalid': { status: 422, title: 'Apple does not accept the content token' },
  'token.read_only': { status: 422, title: 'The content token can only be read' },
  'token.already_known': { status: 409, title: 'The content token is already known' },
  'token.managed_elsewhere': { status: 409, title: 'Another service manages this location' },
  'token.different_location': { status: 409, title: 'The content token belongs to another location' },
  'token.unknown': { status: 404, title: 'No such content token' },
  'token.consent_missing': { status: 422, title: 'Consent is needed' },
  'token.same_file': { status: 409, title: 'This file is in use already' },
  'token.expires_earlier': { status: 409, title: 'The new content token expires earlier' },
  'token.leaving': { status: 409, title: 'The content token is being deleted' },
  'token.not_leaving': { status: 409, title: 'The content token is not being deleted' },
  'token.cannot_release': { status: 409, title: 'Licenses cannot be taken back now' },
  'token.past_cancel': { status: 409, title: 'The deletion cannot be called off any more' },
  'token.wrong_name': { status: 422, title: 'The name is not that of the content token' },
  'token.unusable': { status: 409, title: 'The content token cannot be used now' },
  'sync.unknown': { status: 404, title: 'No such sync' },
  'sync.running': { status: 409, title: 'A sync is already running' },

  // directory
  'import.encoding': { status: 422, title: 'The file is not UTF-8 text' },
  'import.header': { status: 422, title: 'The header of the file is not right' },
  'import.empty': { status: 422, title: 'The file has no rows' },
  'import.too_large': { status: 413, title: 'The file is too large' },
  'import.rejected': { status: 422, title: 'The file has rows that cannot be imported' },
  'group.unknown': { status: 422, title: 'No such group' },
  'group.name_taken': { status: 409, title: 'The name of the group is taken' },
  'group.in_use': { status: 409, title: 'The group is in use' },
  'group.built_in': { status: 409, title: 'The group is built in' },
  'group.wrong_kind': { status: 422, title: 'The groups are of different kinds' },
  'group.cycle': { status: 409, title: 'A group cannot contain itself' },
  'group.too_deep': { status: 409, title: 'Too many groups are in one another' },
  'group.too_many': { status: 409, title: 'The group has too many groups as members' },
  'group.by_rule': { status: 409, title: 'The group has its members by a rule' },
  'group.rule_invalid': { status: 422, title: 'The rule of the group is not valid' },
  'device.unknown': { status: 404, title: 'No such device' },
  'user.unknown': { status: 422, title: 'No such user' },

  // people at Apple
  'join.unknown': { status: 404, title: 'No such user or content token' },
  'invitation.none': { status: 409, title: 'No invitation is open' },
  'invitation.no_address': { status: 502, title: 'Apple does not tell where invitations are accepted' },
  'registration.not_refused': { status: 409, title: 'Nothing can be tried again' },

  // installations
  'install.unknown': { status: 404, title: 'Nothing was installed' },
  'install.not_ended': { status: 409, title: 'The installation is not over' },

  // assets and assignments
  'asset.unknown': { status: 404, title: 'No such asset' },
  'title.unknown': { status: 404, title: 'No such title' },
  'assignment.conflict': { status: 409, title: 'The assignment conflicts with another' },
  'assignment.rollout': { status: 422, title: 'The rollout cannot go like that' },
  'assignment.share': { status: 422, title: 'The reserve is larger than the quota' },
  'assignment.book_cannot_be_removed': { status: 422, title: 'Books cannot be removed' },
  'assignment.book_needs_users': { status: 422, title: 'Books go to people' },
  'assignment.book_needs_user_licenses': { status: 422, title: 'Books only have user licenses' },
  'assignment.available_needs_users': { status: 422, title: 'Available apps go to people' },
  'assignment.no_rollout': { status: 409, title: 'The assignment has no staged rollout' },
  'ask.not_available': { status: 409, title: 'The app is not available there' },
  'assignment.not_device_assignable': { status: 422, title: 'The asset cannot be licensed to devices' },
  'plan.unknown': { status: 404, title: 'No such plan' },
  'plan.world_moved': { status: 409, title: 'The plan no longer fits the facts' },
  'plan.expired': { status: 410, title: 'The plan has expired' },
  'plan.applied': { status: 409, title: 'The plan was already applied' },

  // devices under management
  'devices.off': { status: 409, title: 'Devices are not managed here' },
  'enrollment.elsewhere': { status: 409, title: 'The device is enrolled at another server' },
  'enrollment.unknown': { status: 404, title: 'No such enrollment' },
  'enrollment.left': { status: 409, title: 'The device has left management' },
  'enrollment.not_wakeable': { status: 409, title: 'The device cannot be woken' },
  'enrollment.wrong_name': { status: 422, title: 'The name is not that of the device' },
  'enrollment_link.unknown': { status: 404, title: 'No such enrollment link' },
  'push.missing': { status: 409, title: 'There is no push certificate' },
  'push.expired': { status: 409, title: 'The push certificate has ended' },
  'push.unreadable': { status: 422, title: 'The push certificate cannot be read' },
  'push.wrong_password': { status: 422, title: 'The password does not open the file' },
  'push.not_for_devices': { status: 422, title: 'The certificate is not for managing devices' },
  'push.not_valid_now': { status: 422, title: 'The push certificate is not valid now' },
  'push.no_key': { status: 422, title: 'The key of the push certificate is missing' },
  'push.wrong_key': { status: 422, title: 'The key does not belong to the push certificate' },
  'push.another_topic': { status: 409, title: 'The push certificate has another topic' },
  'push.request_open': { status: 409, title: 'A signing request is open already' },
  'push.request_unknown': { status: 404, title: 'No signing request is open' },

  // taking back, freeing and adopting licenses
  'intervention.unknown': { status: 404, title: 'No such record' },
  'intervention.world_moved': { status: 409, title: 'The preview no longer fits the facts' },
  'intervention.expired': { status: 410, title: 'The preview has expired' },
  'intervention.applied': { status: 409, title: 'This was done already' },
  'intervention.not_undoable': { status: 409, title: 'This cannot be undone' },
  'intervention.too_late': { status: 409, title: 'This can be undone no longer' },
  'intervention.running': { status: 409, title: 'This is still being done' },
  'intervention.nothing_to_do': { status: 422, title: 'Nothing can be done' },

  // defects
  internal: { status: 500, title: 'Something went wrong on the server' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

/** A stable code that callers compare with. */
export type ProblemCode = keyof typeof problemStatus
