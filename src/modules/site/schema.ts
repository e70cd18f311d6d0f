import { t } from 'elysia'

export const siteView = t.Object(
  {
    name: t.String({ description: "The site's name, as its operator chose it." }),
    footer: t.Nullable(t.String({ description: 'A line for the foot of the page; null: none.' })),
    logo: t.Nullable(
      t.String({ description: 'The path of a picture beside the name, below the start page; null: none.' }),
    ),
    terms_url: t.Nullable(t.String({ description: 'Where the terms of use are; null: nowhere.' })),
    privacy_url: t.Nullable(t.String({ description: 'Where the privacy policy is; null: nowhere.' })),
    registration: t.Union([t.Literal('open'), t.Literal('invite'), t.Literal('closed')], {
      description: 'Who may make an account: everybody, whoever has an invitation, or nobody.',
    }),
    demo: t.Boolean({ description: 'The demo model answers: no provider is configured.' }),
    anonymous_chat: t.Boolean({ description: 'Visitors may chat without an account.' }),
  },
  { description: 'What a page must know before anybody has logged in.' },
)
