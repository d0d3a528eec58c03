// Runs before the first paint, so that a chosen theme does not flash. The page's rules allow no inline script.
try {
  const theme = localStorage.getItem('he300.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is refused: the system's theme stays.
}
