import type { Order } from '../lib/sorted-page.ts'

interface Query<By extends string> {
  cursor?: string | undefined
  limit?: number | undefined
  sort?: By | undefined
  order?: 'asc' | 'desc' | undefined
}

/** Which page of a list a query asks for, in which order; `usual` says what is so where it does not. */
export function pageWishOf<By extends string, Limit extends number | null>(
  { cursor, limit, sort, order }: Query<By>,
  usual: { sort: By; order: 'asc' | 'desc'; limit: Limit },
): { order: Order<By>; cursor: string | null; limit: number | Limit } {
  return {
    order: { by: sort ?? usual.sort, isDescending: (order ?? usual.order) === 'desc' },
    cursor: cursor || null,
    limit: limit ?? usual.limit,
  }
}

/** What a list is narrowed down by; null: by nothing. A zero character is in no text of the database's. */
export function textOf(text: string | undefined): string | null {
  return text?.trim().replaceAll('\0', '\ufffd') || null
}
