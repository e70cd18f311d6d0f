/** The form in which one has just acted, by a button that may stand outside of it; null: none is known. */
export function formInUse(): HTMLFormElement | null {
  const { activeElement } = document
  if (activeElement instanceof HTMLButtonElement && activeElement.form !== null) return activeElement.form
  const inside = activeElement?.closest('form')
  if (inside) return inside
  // Safari gives a button that is clicked no focus.
  return [...document.querySelectorAll<HTMLFormElement>('dialog[open] form')].at(-1) ?? null
}

/** Puts the focus into the first field of a form with which something is wrong, once that is drawn. */
export function focusFaulty(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    form?.querySelector<HTMLElement>(':is(input, textarea, select)[aria-invalid="true"]')?.focus()
  })
}
