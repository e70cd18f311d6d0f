// Runs before anything is drawn, so that nobody who has chosen the dark sees a flash of white.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A browser that keeps nothing: the page looks as the system likes it.
}
