import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { jsonBody } from '../../http/body.ts'
import { authGuard } from '../auth/guard.ts'
import { getSettings, type SiteSettings } from '../settings/read-settings.ts'
import { changeSettings } from './change-settings.ts'
import { settingsOperations } from './operations.ts'
import { settingsBody, settingsView } from './settings-schema.ts'
import { actorOf } from './user-routes.ts'

const maxBodyBytes = 16 * 1024

/** Settings that change while the service runs. */
export function adminSettingsRoutes(deps: Deps) {
  const by = actorOf(deps)
  return new Elysia({ name: 'admin-settings', prefix: '/api/v1/admin/settings' })
    .use(jsonBody(maxBodyBytes))
    .use(authGuard(deps))
    .get('', async () => viewOf(deps, await getSettings(deps)), {
      auth: 'admin',
      response: settingsView,
      detail: settingsOperations.getSettings,
    })
    .put(
      '',
      async ({ user, request, server, body }) =>
        viewOf(deps, await changeSettings(deps, by({ user, request, server }), body)),
      {
        auth: 'admin',
        body: settingsBody,
        response: settingsView,
        detail: settingsOperations.updateSettings,
      },
    )
}

function viewOf(
  { config }: Deps,
  { siteName, footer, registration, defaultModel }: SiteSettings,
): typeof settingsView.static {
  const sendsMail = config.smtp !== null
  return { site_name: siteName, footer, registration, default_model: defaultModel, sends_mail: sendsMail }
}
