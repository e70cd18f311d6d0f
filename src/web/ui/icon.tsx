const paths = {
  archive: 'M4 8v11h16V8M3 4h18v4H3zM10 12h4',
  arrowDown: 'M12 5v14M6 13l6 6 6-6',
  arrowUp: 'M12 19V5M6 11l6-6 6 6',
  back: 'M19 12H5M11 6l-6 6 6 6',
  bin: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  chart: 'M4 20h16M7 16.5v-5M12 16.5v-11M17 16.5v-8',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevronDown: 'M6 9l6 6 6-6',
  chevronLeft: 'M14.5 6l-6 6 6 6',
  chevronRight: 'M9.5 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  down: 'M17 14V4M9 18.5L10 14H4.6a2 2 0 0 1-1.9-2.6l1.9-6A2 2 0 0 1 6.5 4H20v10h-3.2L13 21.5a2.6 2.6 0 0 1-2.5-3z',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5-11 11L4 20zM13.5 7l3.5 3.5',
  export: 'M12 15V4M8 8l4-4 4 4M5 13v7h14v-7',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
  ghost: 'M5 20V11a7 7 0 0 1 14 0v9l-2.5-2-2 2-2.5-2-2.5 2-2-2zM9.5 10.5v.5M14.5 10.5v.5',
  help: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.2',
  import: 'M12 4v11M8 11l4 4 4-4M5 13v7h14v-7',
  info: 'M12 11v6M12 7.5v.2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z',
  key: 'M14.5 9.5a4 4 0 1 0-3.2 3.9L13 15h2v2h2v2h3v-3l-5.7-5.7',
  language:
    'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9S9 6 12 3z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.6-1.6',
  logOut: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  menu: 'M4 7h16M4 12h16M4 17h10',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  newChat: 'M12 4H5v15h15v-7M10 14l.7-3L18 3.7l2.3 2.3L13 13.3z',
  picture: 'M4 5h16v14H4zM4 16l4.5-4.5L13 16l3-3 4 4M15.5 8.5h.01',
  pin: 'M9 4h6l-.8 6 3.3 3.5h-11L9.8 10zM12 13.5V21',
  plus: 'M12 5v14M5 12h14',
  refresh: 'M20 5v5h-5M4 19v-5h5M19.5 10A8 8 0 0 0 6 6.7L4 9M4.5 14A8 8 0 0 0 18 17.3l2-2.3',
  restore: 'M4 4v5h5M4.5 9A8 8 0 1 1 4 13',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5L21 21',
  select: 'M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M12 6h8M12 12h8M12 18h8',
  send: 'M12 19V5M6 11l6-6 6 6',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  share: 'M12 15V4M8 8l4-4 4 4M5 13v7h14v-7',
  sidebar: 'M4 5h16v14H4zM9.5 5v14',
  speaker: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  stop: 'M7 7h10v10H7z',
  tag: 'M4 4h8l8.5 8.5-8 8L4 12zM8.5 8.5h.01',
  up: 'M7 10v10M15 5.5L14 10h5.4a2 2 0 0 1 1.9 2.6l-1.9 6a2 2 0 0 1-1.9 1.4H4V10h3.2L11 2.5a2.6 2.6 0 0 1 2.5 3z',
  user: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20.5c.7-4 4-6 8-6s7.3 2 8 6',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17v.2',
} as const

export type IconName = keyof typeof paths

/** Says nothing by itself: what it stands on or beside has a name. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
