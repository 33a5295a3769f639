const themes = (() => {
  const key = "clip-report theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  function show(theme) {
    if (theme) root.dataset.theme = theme;
    byID("theme").setAttribute("aria-pressed", isDark());
  }
  return {
    start() {
      show(remembered(key));
      dark.addEventListener("change", () => show());
      byID("theme").addEventListener("click", themes.toggle);
    },
    toggle() {
      const theme = isDark() ? "light" : "dark";
      show(theme);
      remember(key, theme);
    },
  };
})();
