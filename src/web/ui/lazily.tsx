import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { words } from '../texts/words.ts'
import { texts } from '../texts.ts'
import { Button } from './button.tsx'
import { Spinner } from './progress.tsx'

/** A part that is fetched when it is first drawn. After an update of the service its file may be gone: that is said. */
export function lazily<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
): FunctionComponent<Props> {
  let loaded: FunctionComponent<Props> | null = null

  return function Lazy(props: Props) {
    const [state, setState] = useState<'loading' | 'loaded' | 'failed'>(loaded ? 'loaded' : 'loading')
    useEffect(() => {
      if (state !== 'loading') return
      load().then(
        (component) => {
          loaded = component
          setState('loaded')
        },
        () => setState('failed'),
      )
    }, [state])

    if (loaded !== null) {
      const Loaded = loaded
      return <Loaded {...props} />
    }
    if (state === 'loading') return <Spinner />
    return (
      <div class="empty" role="alert">
        <p>{texts.value.offline}</p>
        <Button onClick={() => location.reload()}>{words.value.reload}</Button>
      </div>
    )
  }
}
