// Applies the reader's theme before the first paint. A page may fix its theme with data-theme-fixed.
if (!document.documentElement.hasAttribute('data-theme-fixed')) {
  try {
    const theme = localStorage.getItem('theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  } catch {
    // Storage is refused: the system's theme it is.
  }
}
