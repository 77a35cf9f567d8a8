/** Apportion's mark: a whole, and the share that is given. Decorative; name it beside it. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--app-logo-ground)" />
      <path d="M14.5 7.1A9.5 9.5 0 1 0 24.9 17.5H16a1.5 1.5 0 0 1-1.5-1.5z" fill="#fff" />
      <path d="M18 6.6a8 8 0 0 1 7.4 7.4H19a1 1 0 0 1-1-1z" fill="#ffc857" />
    </svg>
  )
}
