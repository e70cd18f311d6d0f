import { shellTexts } from '../texts/shell.ts'
import { Empty } from '../ui/empty.tsx'
import { Page } from './page.tsx'

export function Dashboard() {
  const t = shellTexts.value
  return (
    <Page title={t.dashboard}>
      <Empty text={t.notYet} />
    </Page>
  )
}
