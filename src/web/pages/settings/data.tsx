import { Export } from './export.tsx'
import { Import } from './import.tsx'

export function Data() {
  return (
    <div class="settings-column">
      <Export />
      <Import />
    </div>
  )
}
