import { useRouter } from '@tanstack/react-router'
import type { Asset, Device } from '@/api/schema'

/** Goes to the page of a thing; where there is none, to the thing on the map, or to its owner's page. */
export function useOpenThing() {
  const router = useRouter()
  const has = (path: string) => Object.keys(router.routesByPath).includes(path)
  const open = (path: string) => void router.navigate({ href: path })
  const onMap = (asset: number) => open(`/?asset=${asset}`)
  return {
    asset: ({ id }: Pick<Asset, 'id'>) => (has('/assets/$id') ? open(`/assets/${id}`) : onMap(id)),
    device: ({ id, asset, owner }: Device) => {
      if (has('/devices/$id')) open(`/devices/${id}`)
      else if (asset != null) onMap(asset)
      else open(`/collectivities/${owner}`)
    },
    hasAssetPage: has('/assets/$id'),
  }
}
