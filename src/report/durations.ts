/** `6 h`: a target, which is whole hours wherever it can be. */
export function targetText(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : durationText(seconds);
}

/** `1 h 04 min`: what a tired reader takes in at a glance. Negative ones keep their sign. */
export function durationText(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const whole = Math.round(Math.abs(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  if (days > 0) return `${sign}${days} d ${two(hours)} h ${two(minutes)} min`;
  if (hours > 0) return `${sign}${hours} h ${two(minutes)} min`;
  if (minutes > 0) return `${sign}${minutes} min ${two(whole % 60)} s`;
  return `${sign}${Math.abs(seconds) < 10 && !Number.isInteger(seconds) ? Math.abs(seconds).toFixed(1) : whole} s`;
}
