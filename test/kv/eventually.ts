/** Waits until this is so. Fails the test after a good while: how long it takes is not what is tested. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`never came about: ${isSo}`)
    await Bun.sleep(10)
  }
}
