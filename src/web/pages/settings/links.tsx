import { ShareList, useShares } from '../../dialogs/share-list.tsx'
import { settingsTexts } from '../../texts/settings.ts'
import { Section } from './section.tsx'

/** All public links of a person. */
export function Links() {
  const t = settingsTexts.value
  const shares = useShares(null)
  return (
    <Section title={t.names.links} hint={t.linksHint}>
      <ShareList shares={shares} isWhole />
    </Section>
  )
}
