import type { Deps } from '../../deps.ts'
import { invalidField } from '../auth/invalid-field.ts'
import { listModels } from '../models/find-model.ts'
import { refreshModels, takeUpModels } from '../models/refresh-models.ts'
import { getSettings, type SiteSettings, takeUpSettings } from '../settings/read-settings.ts'
import { type SettingsChanges, updateSettings } from '../settings/update-settings.ts'
import { type Actor, changedFields, recordAct } from './record-act.ts'

/** In force here at once, on other instances within a second. Throws `invalid_request` with a fault at the field. */
export async function changeSettings(deps: Deps, by: Actor, changes: SettingsChanges): Promise<SiteSettings> {
  if (changes.default_model) await checkModel(deps, changes.default_model)
  const settings = await deps.db.transaction(async (tx) => {
    const before = await getSettings({ ...deps, db: tx })
    await updateSettings(deps, tx, changes)
    const after = await getSettings({ ...deps, db: tx })
    const fields = changedFields({ ...before }, { ...after })
    await recordAct(deps, tx, by, { action: 'settings.update', targetId: 'site', ...fields })
    return after
  })
  await takeUpSettings(deps)
  await takeUpModels(deps)
  return settings
}

async function checkModel(deps: Deps, wanted: string): Promise<void> {
  await refreshModels(deps)
  const isThere = listModels(deps).some(({ id, ref }) => id === wanted || ref.provider === wanted)
  if (!isThere) throw invalidField('default_model', 'No such model')
}
