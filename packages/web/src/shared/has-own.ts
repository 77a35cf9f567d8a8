/** Whether `key` is one of the keys of `object`, so that it can be used as one. */
export function hasOwn<Of extends object>(object: Of, key: PropertyKey): key is keyof Of {
  return Object.hasOwn(object, key)
}
