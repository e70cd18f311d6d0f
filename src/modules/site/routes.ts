import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { describeSite } from './describe-site.ts'
import { operations } from './operations.ts'
import { siteView } from './schema.ts'

/** What the web page shows to everybody: the name of the site and who answers here. */
export function siteRoutes(deps: Deps) {
  return new Elysia({ name: 'site' }).get('/api/v1/site', () => describeSite(deps), {
    response: siteView,
    detail: operations.getSite,
  })
}

/** For what is sent to a browser and is no answer of the API. */
export async function siteNameOf(deps: Deps): Promise<string> {
  return (await describeSite(deps)).name
}
