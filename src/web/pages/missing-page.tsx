import { Link } from '../parts/link.tsx'
import { shellTexts } from '../texts/shell.ts'
import { texts } from '../texts.ts'

export function MissingPage() {
  const t = shellTexts.value
  return (
    <main class="narrow">
      <div class="card">
        <h1>{t.missingTitle}</h1>
        <p>{t.missingText}</p>
        <Link to="chat" class="button primary wide">
          {texts.value.backToChat}
        </Link>
      </div>
    </main>
  )
}
