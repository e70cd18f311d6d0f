/** Into the clipboard. Rejects when the browser does not allow it. */
export async function copyText(text: string): Promise<void> {
  // Offered to pages served over https or from this machine only.
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'visually-hidden'
  // Inside the dialog, where there is one: what is outside cannot have the focus.
  const place = document.activeElement?.closest('dialog') ?? document.body
  place.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (!isCopied) throw new Error('the browser did not copy')
}
