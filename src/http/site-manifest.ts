import type { SiteLogo } from '../config.ts'

interface Manifest {
  name: string
  short_name: string
  icons: object[]
}

/** As whoever adds the site to his screen finds it there: under its own name, with its own picture. */
export function siteManifest(built: string, logo: SiteLogo | null) {
  const usual: Manifest = JSON.parse(built)
  const icons =
    logo === null ? usual.icons : [{ src: `./${logo.path}`, sizes: 'any', type: logo.contentType }]
  return (name: string): Response =>
    new Response(JSON.stringify({ ...usual, name, short_name: name, icons }), {
      // The name changes while the service runs.
      headers: { 'content-type': 'application/manifest+json', 'cache-control': 'no-cache' },
    })
}
