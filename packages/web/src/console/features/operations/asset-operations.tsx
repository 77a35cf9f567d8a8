import { Card } from '../../../shared/ui/card.tsx'
import { OperationRows } from './operation-rows.tsx'

/** The requests to Apple that concern one asset. */
export function AssetOperations({ assetId }: { readonly assetId: number }) {
  return (
    <Card flush>
      <OperationRows search={{ assetId }} />
    </Card>
  )
}
