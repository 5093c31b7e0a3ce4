// The part of the window that the on-screen keyboard leaves.

/** Keeps the page as high as the visible part. iOS lays its keyboard over the page instead of making the page smaller. */
export function followViewport() {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const follow = () => {
    // A page that is zoomed in keeps its size.
    if (visualViewport.scale > 1.01) return;
    document.documentElement.style.setProperty('--visible-height', `${visualViewport.height}px`);
    // iOS also moves the page up, to show the focused field.
    window.scrollTo(0, 0);
  };
  visualViewport.addEventListener('resize', follow);
  follow();
}
