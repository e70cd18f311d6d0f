import type { BrowserContext, Locator, Page } from 'playwright-core'

const touched = new WeakSet<BrowserContext>()
let areTaught = false

/** In all windows of this context a click is a tap from now on, and nobody can point at anything. */
export function useFingers(context: BrowserContext, page: Page): void {
  touched.add(context)
  if (areTaught) return
  areTaught = true
  // What all locators have in common; the types do not name it.
  teach(Object.getPrototypeOf(page.locator('html')) as Locator)
}

function teach(all: Locator): void {
  const { click, check, hover } = all
  const isTouched = (target: Locator) => touched.has(target.page().context())
  all.click = function (options) {
    const at = options?.position ? { position: options.position } : {}
    return isTouched(this) ? this.tap(at) : click.call(this, options)
  }
  all.check = async function (options) {
    if (!isTouched(this)) return check.call(this, options)
    if (!(await this.isChecked())) await this.tap()
  }
  all.hover = async function (options) {
    if (isTouched(this)) throw new Error('A finger does not point.')
    await hover.call(this, options)
  }
}
