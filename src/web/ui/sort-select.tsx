import { words } from '../texts/words.ts'
import { Select } from './field.tsx'
import { arrows, type Column, type Sort } from './rows.tsx'

/** The same as the heads of columns do, where there is no room for heads. */
export function SortSelect<Row>(props: {
  columns: readonly Column<Row>[]
  sort: Sort | null
  onSort: (sort: Sort) => void
}) {
  const wishes = props.columns.flatMap(({ key, head, directions = [] }) =>
    directions.map((direction) => ({
      sort: { key, direction },
      value: nameOf({ key, direction }),
      label: `${head} ${arrows[direction]}`,
    })),
  )
  if (wishes.length === 0) return null
  return (
    <div class="sort-select">
      <Select
        label={words.value.sortBy}
        value={props.sort === null ? '' : nameOf(props.sort)}
        options={wishes}
        onChange={(chosen) => {
          const wish = wishes.find(({ value }) => value === chosen)
          if (wish) props.onSort(wish.sort)
        }}
      />
    </div>
  )
}

function nameOf({ key, direction }: Sort): string {
  return `${key} ${direction}`
}
