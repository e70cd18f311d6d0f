/** A UUIDv7: new rows lie side by side in an index, and clients cannot guess them. */
export function createId(): string {
  return Bun.randomUUIDv7()
}

/** How clients see a person: 48 random bits as 12 hexadecimal characters, the form that earlier accounts have. */
export function createUid(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex')
}
