export interface Letter {
  to: string
  subject: string
  text: string
}

/** Hands one letter over. Resolves when the next hop has accepted it; throws otherwise (the outbox tries again). */
export interface Mailer {
  send(letter: Letter): Promise<void>
  close(): Promise<void>
}
