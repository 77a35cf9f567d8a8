/** A file of each kind that can be imported as it stands: groups first, then users, then devices. */
import type { ImportResult } from '../../../shared/api/shapes.ts'

export const examples: Record<ImportResult['kind'], string> = {
  groups: `name,kind,description
Sales iPads,device,iPads of the sales team
Meeting rooms,device,Apple TVs and iPads on the wall
Teachers,user,Everyone who teaches
`,
  users: `user_name,name,email,department,groups
ada@example.org,Ada de Vries,ada@example.org,Sales,
bram@example.org,Bram Jansen,bram@example.org,Mathematics,Teachers
`,
  devices: `serial_number,name,model,platform,os_version,ownership,supervised,kiosk,country,site,tags,user,groups
EXAMPLE00001,Ada's iPad,iPad Air,iPadOS,26.1,corporate,yes,no,NL,Main Street,sales,ada@example.org,Sales iPads
EXAMPLE00002,Room 2.14,iPad,iPadOS,26.0,corporate,yes,yes,NL,Main Street,meeting|shared,,Sales iPads|Meeting rooms
EXAMPLE00003,Bram's iPhone,iPhone 17,iOS,26.1,personal,no,no,,,,bram@example.org,
`,
}

/** Gives the browser a file to save. */
export function saveExample(kind: ImportResult['kind']): void {
  const address = URL.createObjectURL(new Blob([examples[kind]], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${kind}.csv`
  link.click()
  // The click has begun the download by the next turn; keeping the address would keep the file.
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}
