import { type TextKey, texts } from '../texts.ts'
import { Button } from '../ui/button.tsx'
import { Spinner } from '../ui/progress.tsx'

/** Stands for what has not been read: it is on its way or, with a `fault`, did not come. */
export function NotRead({ fault, onAgain }: { fault: TextKey | null; onAgain: () => void }) {
  if (fault === null) return <Spinner />
  const t = texts.value
  return (
    <p class="refusal" role="alert">
      {t[fault]}{' '}
      <Button small onClick={onAgain}>
        {t.tryAgain}
      </Button>
    </p>
  )
}
