import { shellTexts } from '../texts/shell.ts'
import { Button } from '../ui/button.tsx'

/** Where drawing has failed: what was said is kept elsewhere. */
export function ErrorPage() {
  const t = shellTexts.value
  return (
    <main class="narrow">
      <div class="card" role="alert">
        <h1>{t.errorTitle}</h1>
        <p>{t.errorText}</p>
        <Button look="primary" wide onClick={() => location.reload()}>
          {t.reload}
        </Button>
      </div>
    </main>
  )
}
