/** Large things that people own: pictures, later files. Whose they are and what they are is in the database. */
export interface Blobs {
  /** `disk`: this machine's; `s3`: all instances'. */
  readonly kind: 'disk' | 's3'
  /**
   * Stores bytes under a key that nothing had before (a random id: what is never shared can be deleted without
   * asking who else has it). All of it is there afterwards, or nothing. Throws `dependency_down`.
   */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** null: there is none under this key. Throws `dependency_down`. */
  get(key: string): Promise<StoredBlob | null>
  /** Harmless where there is none. Throws `dependency_down`. */
  delete(key: string): Promise<void>
}

export interface StoredBlob {
  size: number
  stream(): ReadableStream<Uint8Array>
}

/** Keys are made by us; this is for the day when one is not. */
export function checkKey(key: string): string {
  if (!/^[a-z]+\/[0-9a-f-]{36}$/.test(key)) throw new Error('not a key of a blob')
  return key
}
