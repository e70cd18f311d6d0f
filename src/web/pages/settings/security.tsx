import { Password } from './password.tsx'
import { Sessions } from './sessions.tsx'

export function Security() {
  return (
    <div class="settings-column">
      <Password />
      <Sessions />
    </div>
  )
}
