import { useSignal } from '@preact/signals'
import { tried } from '../../library-acts.ts'
import { type KeyCheck, testKey } from './admin-api.ts'
import { wordsOfCheck } from './key-check-words.ts'
import type { ProviderKey } from './lists-api.ts'

/** What has come of trying keys, as long as the list is looked at. */
export interface KeyChecks {
  /** undefined: this key was not tried. */
  of: (key: ProviderKey) => KeyCheck | 'running' | undefined
  run: (key: ProviderKey) => Promise<void>
}

export function useKeyChecks(): KeyChecks {
  const checks = useSignal<ReadonlyMap<string, KeyCheck | 'running'>>(new Map())
  const note = (id: string, check: KeyCheck | 'running' | undefined) => {
    const others = [...checks.value].filter(([other]) => other !== id)
    checks.value = new Map(check === undefined ? others : [...others, [id, check]])
  }
  return {
    of: ({ id }) => checks.value.get(id),
    async run({ id }) {
      note(id, 'running')
      let check: KeyCheck | undefined
      await tried(async () => {
        check = await testKey(id)
      })
      note(id, check)
    },
  }
}

/** Told of when it comes. */
export function CheckResult({ check }: { check: KeyCheck | 'running' | undefined }) {
  const result = check === 'running' ? undefined : check
  return (
    <small role="status" class={result?.ok === false ? 'refusal' : 'hint'}>
      {result !== undefined && <Words check={result} />}
    </small>
  )
}

function Words({ check }: { check: KeyCheck }) {
  const { text, detail } = wordsOfCheck(check)
  if (detail === null) return <>{text}</>
  return (
    <>
      {text}{' '}
      <span lang="en" class="hint">
        {detail}
      </span>
    </>
  )
}
