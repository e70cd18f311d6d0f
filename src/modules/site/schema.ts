import { t } from 'elysia'

export const siteView = t.Object(
  {
    name: t.String({ description: "The site's name, as its operator chose it." }),
    demo: t.Boolean({ description: 'The demo model answers: no provider is configured.' }),
    anonymous_chat: t.Boolean({ description: 'Visitors may chat without an account.' }),
  },
  { description: 'What a page must know before anybody has logged in.' },
)
