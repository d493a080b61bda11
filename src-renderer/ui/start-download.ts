/** Hands a file of the page's own host to the browser, which asks where to put it or puts it where it puts files. */
export function startDownload(path: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = fileName;
  link.click();
}
