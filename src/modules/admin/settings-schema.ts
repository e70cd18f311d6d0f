import { t } from 'elysia'

const registration = t.Union([t.Literal('open'), t.Literal('invite'), t.Literal('closed')], {
  description: 'Who may make an account: everybody, whoever has an invitation, or nobody.',
})

export const settingsView = t.Object(
  {
    site_name: t.String({ description: 'On pages and in mails.' }),
    footer: t.Nullable(t.String({ description: 'A line at the foot of the page; null: none.' })),
    registration,
    default_model: t.Nullable(
      t.String({
        description:
          'Id of the model, or the provider, that answers where none is named; null: as DEFAULT_MODEL says.',
      }),
    ),
    sends_mail: t.Boolean({
      description: 'There is a mail server (SMTP_HOST); a setting of the environment.',
    }),
  },
  { title: 'SiteSettings', description: 'What is in force.' },
)

export const settingsBody = t.Object(
  {
    site_name: t.Optional(
      t.Nullable(t.String({ maxLength: 200, description: 'One line of at most 60 characters.' })),
    ),
    footer: t.Optional(
      t.Nullable(t.String({ maxLength: 1000, description: 'One line of at most 500 characters.' })),
    ),
    registration: t.Optional(t.Nullable(registration)),
    default_model: t.Optional(
      t.Nullable(t.String({ maxLength: 200, description: 'Id of a model, or a provider.' })),
    ),
  },
  { description: 'What is absent stays as it is; `null` goes back to what the environment says.' },
)
