const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** `26 s`, `3 min`, `2 h 5 min`, `3 d 4 h`: as exact as an estimate deserves. */
export function roughDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  if (seconds < DAY) {
    const rest = minutes % 60;
    return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
  }
  const hours = Math.round(seconds / HOUR);
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long something will go on: `26 s left`. */
export function timeLeftText(seconds: number): string {
  return seconds < 1 ? 'almost done' : `${roughDuration(seconds)} left`;
}
