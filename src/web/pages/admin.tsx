import { shellTexts } from '../texts/shell.ts'
import { Empty } from '../ui/empty.tsx'
import { Page } from './page.tsx'

export function Admin() {
  const t = shellTexts.value
  return (
    <Page title={t.admin}>
      <Empty text={t.notYet} />
    </Page>
  )
}
