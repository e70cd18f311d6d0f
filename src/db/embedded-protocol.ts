/** What the main thread and the worker of the embedded database say to each other. */

export type Request =
  | { id: number; kind: 'open'; dataDir: string; wasmPath: string; filesPath: string }
  | { id: number; kind: 'query'; text: string; params: unknown[]; rowMode: RowMode }
  | { id: number; kind: 'close' }

export type RowMode = 'array' | 'object'

export type Reply =
  | { id: number; rows: unknown[]; command: string; count: number | null }
  | { id: number; fault: Record<string, unknown> & { message: string } }
  /** Nothing that it says from here on is worth anything. */
  | { brokenBy: string }
