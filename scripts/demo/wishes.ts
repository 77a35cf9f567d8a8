/** What the demo assigns, by names: mostly plenty, some titles too scarce, one group left out, one taken back. */

export interface DemoWish {
  readonly title: string
  readonly location: 'Meridian College' | 'Meridian Head Office'
  readonly groups: readonly DemoWishGroup[]
}

export type DemoWishGroup =
  | { readonly name: string; readonly mode: 'include'; readonly intent: 'required' | 'uninstall' }
  | { readonly name: string; readonly mode: 'exclude' }

const required = (name: string): DemoWishGroup => ({ name, mode: 'include', intent: 'required' })
const without = (name: string): DemoWishGroup => ({ name, mode: 'exclude' })

const college = (title: string, ...groups: readonly DemoWishGroup[]): DemoWish => ({
  title,
  location: 'Meridian College',
  groups,
})

const office = (title: string, ...groups: readonly DemoWishGroup[]): DemoWish => ({
  title,
  location: 'Meridian Head Office',
  groups,
})

export const demoWishes: readonly DemoWish[] = [
  college('Fractal Maths', required('Student iPads')),
  college('Quill Notes', required('Student iPads'), required('Teacher iPads')),
  college('Lumen Reader', required('Student iPads')),
  college('Lingua Bridge', required('Student iPads'), without('Class 3D')),
  college('Spark Slides', required('Teacher iPads')),
  college('Mica Chemistry', required('Class 3A'), required('Class 3B'), required('Class 3C')),
  // 24 licenses for 36 iPads: twelve wait.
  college('Partitura Pro', required('Music room iPads')),
  college('Paint by Light', required('School Macs')),
  college('Typewell', required('School Macs')),
  office('Ledgerly', required('Office Macs')),
  office('Expense Snap', required('Office iPhones')),
  office('Safe Passage', required('Office iPhones'), without('Private devices')),
  office('Vault Pass', required('Finance'), required('Human resources')),
]
