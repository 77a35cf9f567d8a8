/** What is sent to register, change and retire users. Each request is answered with an event. */

/** One user of a request. A retirement needs the id alone. */
export interface UserRequest {
  /** Chosen by us, unique at the organizational unit and unchangeable: a GUID, never an address that is used again. */
  readonly clientUserId: string
  readonly email?: string
  /** Of the same organization as the token; the user is then associated at once, without an invitation. */
  readonly managedAppleId?: string
}

/** Body of create, update and retire; at most `maxUsers`, none of them twice. */
export interface ManageUsersRequest {
  readonly users: readonly UserRequest[]
}
