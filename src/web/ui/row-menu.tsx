import { Icon } from './icon.tsx'
import { Menu, type MenuItems } from './menu.tsx'

/** What can be done with one of many things, behind three dots. `name`: accessible, and says of which of them. */
export function RowMenu({ name, items }: { name: string; items: MenuItems }) {
  return (
    <Menu name={name} class="icon-button quiet small" items={items}>
      <Icon name="more" size={18} />
    </Menu>
  )
}
