type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** What this browser keeps for the page. One that keeps nothing, or has no room, knows it as long as the page is open. */
export const storage: Keeper = keeperOf(() => localStorage)

/** The same for this window alone. */
export const windowStorage: Keeper = keeperOf(() => sessionStorage)

/** `find` throws where the browser was told to keep nothing. */
function keeperOf(find: () => Storage): Keeper {
  const unkept = new Map<string, string>()
  return {
    getItem(key) {
      try {
        return unkept.get(key) ?? find().getItem(key)
      } catch {
        return null
      }
    },
    setItem(key, value) {
      try {
        find().setItem(key, value)
        unkept.delete(key)
      } catch {
        unkept.set(key, value)
      }
    },
    removeItem(key) {
      unkept.delete(key)
      try {
        find().removeItem(key)
      } catch {}
    },
  }
}
