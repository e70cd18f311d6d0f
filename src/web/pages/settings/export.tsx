import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Refusal } from '../../api.ts'
import { formatBytes, formatNumber } from '../../format.ts'
import { saveFile } from '../../save-file.ts'
import { dataTexts } from '../../texts/data.ts'
import { texts } from '../../texts.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { type ExportFormat, type ExportProgress, type ExportScope, fetchExport } from './export-file.ts'
import { Section } from './section.tsx'

type State =
  | { type: 'idle' }
  | { type: 'running'; progress: ExportProgress }
  | { type: 'done'; conversations: number }
  | { type: 'failed'; text: string }

/** All conversations as a file. */
export function Export() {
  const t = dataTexts.value
  const format = useSignal<ExportFormat>('json')
  const scope = useSignal<ExportScope>('all')
  const state = useSignal<State>({ type: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const run = async () => {
    const leaving = new AbortController()
    running.current = leaving
    state.value = { type: 'running', progress: { conversations: 0, totalConversations: 0, bytes: 0 } }
    try {
      const wish = { format: format.value, scope: scope.value }
      const onProgress = (progress: ExportProgress) => {
        state.value = { type: 'running', progress }
      }
      const { file, name, conversations } = await fetchExport(wish, onProgress, leaving.signal)
      if (conversations > 0) saveFile(file, name)
      state.value = { type: 'done', conversations }
    } catch (error) {
      state.value = leaving.signal.aborted ? { type: 'idle' } : { type: 'failed', text: wordsFor(error) }
    }
  }

  return (
    <Section title={t.exportTitle} hint={t.exportHint}>
      <div class="settings-form">
        <Select
          label={t.format}
          value={format.value}
          options={[
            { value: 'json', label: t.formats.json },
            { value: 'markdown', label: t.formats.markdown },
          ]}
          onChange={(next) => {
            format.value = next
          }}
        />
        <Select
          label={t.scope}
          value={scope.value}
          options={[
            { value: 'all', label: t.scopes.all },
            { value: 'current', label: t.scopes.current },
            { value: 'archived', label: t.scopes.archived },
          ]}
          onChange={(next) => {
            scope.value = next
          }}
        />
        {state.value.type === 'running' && <Progress progress={state.value.progress} />}
        {state.value.type === 'failed' && (
          <p class="refusal" role="alert">
            {state.value.text}
          </p>
        )}
        <div class="settings-foot">
          {state.value.type === 'running' ? (
            <Button onClick={() => running.current?.abort()}>{t.cancel}</Button>
          ) : (
            <Button look="primary" icon="export" onClick={() => void run()}>
              {t.export}
            </Button>
          )}
          <span class="hint" role="status">
            {state.value.type === 'done' &&
              (state.value.conversations === 0
                ? t.nothingToExport
                : t.exported(formatNumber(state.value.conversations)))}
          </span>
        </div>
      </div>
    </Section>
  )
}

function Progress({ progress }: { progress: ExportProgress }) {
  const t = dataTexts.value
  const { conversations, totalConversations, bytes } = progress
  return (
    <div class="settings-progress">
      <ProgressBar label={t.exporting} value={conversations} max={totalConversations} />
      <small class="hint">
        {t.exportedSize(formatNumber(conversations), formatNumber(totalConversations), formatBytes(bytes))}
      </small>
    </div>
  )
}

function wordsFor(error: unknown): string {
  return error instanceof Refusal ? texts.value[error.text] : dataTexts.value.exportFailed
}
