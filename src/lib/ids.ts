/** A UUIDv7: new rows lie side by side in an index, and clients cannot guess them. */
export function createId(): string {
  return Bun.randomUUIDv7()
}

/** Whether a text has the form of such an id, before the database is asked for it. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** How clients see a person: 48 random bits as 12 hexadecimal characters, the form that earlier accounts have. */
export function createUid(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex')
}
