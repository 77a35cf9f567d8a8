/** Another service that manages a location at Apple, as it is called in a sentence (T4). */

/** Its name; another installation of this product by what it says of itself too, which tells the two apart. */
export function holderName(holder: {
  readonly id: string | null
  readonly name: string | null
  readonly metadata: string | null
}): string {
  const name = holder.name ?? holder.id ?? 'another service'
  return name === 'Apportion' && holder.metadata ? `${name} (${holder.metadata})` : name
}
