/** ARN of a user or role without its path: records name most of them so, and names are unique without it. */
export function withoutPath(arn: string): string {
  return arn.replace(/:(user|role)\/.*\//, ':$1/');
}

/** `backdoor` of `arn:aws:iam::…:user/path/backdoor`, `i-…` of an instance's ARN. */
export function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
