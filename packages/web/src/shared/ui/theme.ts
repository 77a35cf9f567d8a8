/**
 * How Apportion looks: one accent color, calm grays with a touch of blue, and text that keeps
 * WCAG 2.2 AA contrast in light and dark.
 */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const ink: MantineColorsTuple = [
  '#eef1fb',
  '#dce2f6',
  '#b7c3eb',
  '#96a7e2',
  '#8094dc',
  '#5a72cf',
  '#4a62c4',
  '#3a51ad',
  '#2f4391',
  '#233370',
]

const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f2f5',
  '#e4e7ec',
  '#d3d8e0',
  '#bcc3cf',
  '#8c95a6',
  '#646d7e',
  '#4a5262',
  '#333a48',
  '#1f2531',
]

const dark: MantineColorsTuple = [
  '#dfe3ea',
  '#c0c7d4',
  '#a3acbd',
  '#7a8499',
  '#4a5366',
  '#363e4f',
  '#262d3a',
  '#171b24',
  '#12151d',
  '#0d1016',
]

const sansSerif =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"

/** Mantine's theme; every page and part uses it. */
export const theme = createTheme({
  colors: { ink, gray, dark },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.24,
  black: '#1b202b',
  fontFamily: sansSerif,
  headings: {
    fontFamily: sansSerif,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
})

/** Values that Mantine derives with too little contrast for AA, and Apportion's own. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#596273',
    '--mantine-color-placeholder': '#646d7e',
    '--mantine-color-error': '#b3261e',
    '--app-ground': '#f7f8fa',
  },
  dark: {
    '--mantine-color-dimmed': '#a3acbd',
    '--mantine-color-placeholder': '#939db0',
    '--mantine-color-error': '#f5a9a5',
    '--mantine-color-anchor': '#96a7e2',
    '--app-ground': '#12151d',
  },
})
