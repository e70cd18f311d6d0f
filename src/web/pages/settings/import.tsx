import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { formatBytes, formatNumber, formatShare } from '../../format.ts'
import { readList, readTags } from '../../library.ts'
import { dataTexts } from '../../texts/data.ts'
import { texts } from '../../texts.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { FileChooser } from './file-chooser.tsx'
import { type ImportEnd, type ImportProgress, type ImportReport, sendImport } from './import-file.ts'
import { ImportReportView } from './import-report.tsx'
import { Section } from './section.tsx'

type State =
  | { type: 'idle'; fault: string | null }
  /** `looked`: what the trial run has said; null: this is it. */
  | { type: 'running'; looked: ImportReport | null; progress: ImportProgress }
  | { type: 'looked'; report: ImportReport; fault: string | null }
  | { type: 'done'; report: ImportReport }

const idle: State = { type: 'idle', fault: null }

/** Conversations from elsewhere: a file is looked at, then imported. */
export function Import() {
  const t = dataTexts.value
  const file = useSignal<File | null>(null)
  const copiesChanged = useSignal(false)
  const state = useSignal<State>(idle)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const send = async (chosen: File, looked: ImportReport | null): Promise<ImportEnd> => {
    const leaving = new AbortController()
    running.current = leaving
    const onProgress = (progress: ImportProgress) => {
      state.value = { type: 'running', looked, progress }
    }
    onProgress({ share: 0, conversations: 0 })
    const wish = { isDryRun: looked === null, copiesChanged: copiesChanged.value }
    return sendImport(chosen, wish, onProgress, leaving.signal)
  }
  const look = async (chosen: File) => {
    file.value = chosen
    copiesChanged.value = false
    const end = await send(chosen, null)
    state.value =
      end.type === 'report'
        ? { type: 'looked', report: end.report, fault: null }
        : { type: 'idle', fault: wordsFor(end, t.lookFailed) }
  }
  const run = async (chosen: File, looked: ImportReport) => {
    const end = await send(chosen, looked)
    state.value =
      end.type === 'report'
        ? { type: 'done', report: end.report }
        : { type: 'looked', report: looked, fault: wordsFor(end, t.importFailed) }
    void readList()
    void readTags()
  }
  const startOver = () => {
    file.value = null
    state.value = idle
  }

  const now = state.value
  const chosen = file.value
  return (
    <Section title={t.importTitle} hint={t.importHint}>
      <div class="settings-form wide-form">
        {chosen !== null && now.type !== 'idle' && (
          <p class="file-name">{t.file(chosen.name, formatBytes(chosen.size))}</p>
        )}
        {now.type === 'idle' && <FileChooser onFile={(next) => void look(next)} />}
        {now.type === 'running' && <Progress {...now} onCancel={() => running.current?.abort()} />}
        {(now.type === 'looked' || now.type === 'done') && <ImportReportView report={now.report} />}
        {(now.type === 'idle' || now.type === 'looked') && now.fault && (
          <p class="refusal" role="alert">
            {now.fault}
          </p>
        )}
        {now.type === 'looked' && chosen !== null && (
          <>
            {now.report.conversations.changed > 0 && (
              <Checkbox
                label={t.importChanged}
                checked={copiesChanged.value}
                onChange={(isOn) => {
                  copiesChanged.value = isOn
                }}
              />
            )}
            <div class="settings-foot">
              <Button
                look="primary"
                disabled={!hasNew(now.report, copiesChanged.value)}
                onClick={() => void run(chosen, now.report)}
              >
                {t.doImport}
              </Button>
              <Button onClick={startOver}>{t.another}</Button>
            </div>
          </>
        )}
        {now.type === 'done' && (
          <div class="settings-foot">
            <Button onClick={startOver}>{t.another}</Button>
          </div>
        )}
      </div>
    </Section>
  )
}

interface ProgressProps {
  looked: ImportReport | null
  progress: ImportProgress
  onCancel: () => void
}

function Progress({ looked, progress, onCancel }: ProgressProps) {
  const t = dataTexts.value
  const { share, conversations } = progress
  // How many there are is known once it was looked at.
  const total = looked === null ? null : sum(looked)
  return (
    <>
      <div class="settings-progress">
        <ProgressBar
          label={total === null ? t.looking : t.importing}
          value={total === null ? Math.round(share * 100) : conversations}
          max={total ?? 100}
        />
        <small class="hint">
          {total === null && conversations === 0
            ? t.uploaded(formatShare(share))
            : t.soFar(formatNumber(conversations), total === null ? null : formatNumber(total))}
        </small>
      </div>
      <div class="settings-foot">
        <Button onClick={onCancel}>{t.cancel}</Button>
      </div>
    </>
  )
}

function sum({ conversations: { imported, duplicates, changed, skipped } }: ImportReport): number {
  return imported + duplicates + changed + skipped
}

function hasNew({ conversations }: ImportReport, copiesChanged: boolean): boolean {
  return conversations.imported + (copiesChanged ? conversations.changed : 0) > 0
}

/** null: nothing went wrong, it was given up. */
function wordsFor(end: ImportEnd, broken: string): string | null {
  const t = dataTexts.value
  if (end.type === 'unreadable') return t.unreadable
  if (end.type === 'broken') return broken
  if (end.type !== 'refused') return null
  const { code, text } = end.refusal
  if (code === 'conflict') return t.importRunning
  if (code === 'payload_too_large') return t.tooLarge
  return code === 'invalid_request' || code === 'unsupported_media_type' ? t.notAnArchive : texts.value[text]
}
