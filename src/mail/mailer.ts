export interface Letter {
  /** What it is about (`welcome`, `reset`), for the log. */
  kind: string
  to: string
  subject: string
  text: string
}

/** Hands one letter over. Resolves when the next hop has accepted it; throws otherwise (the outbox tries again). */
export interface Mailer {
  /** Throws `provider_rejected` when trying again is no use: the mail server will never take this letter. */
  send(letter: Letter): Promise<void>
  close(): Promise<void>
}
