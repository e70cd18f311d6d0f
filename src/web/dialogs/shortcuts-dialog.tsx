import { closeDialog } from '../open-dialog.ts'
import { shortcuts } from '../shortcuts.ts'
import { shellTexts } from '../texts/shell.ts'
import { shortcutTexts } from '../texts/shortcuts.ts'
import { Dialog } from '../ui/dialog.tsx'

export function ShortcutsDialog() {
  const t = shortcutTexts.value
  const rows = [
    ...shortcuts.map(({ name, keys }) => ({ name, keys })),
    { name: 'send' as const, keys: ['Enter'] },
    { name: 'newLine' as const, keys: ['Shift', 'Enter'] },
    { name: 'editLast' as const, keys: ['↑'] },
  ]
  return (
    <Dialog title={shellTexts.value.shortcuts} class="narrow-dialog" onClose={closeDialog}>
      <dl class="shortcuts">
        {rows.map(({ name, keys }) => (
          <div key={name}>
            <dt>{t[name]}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
