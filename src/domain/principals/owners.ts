import type { Person } from '../../contracts/playbook.js';

/** People linked to an IAM user: by AWS name, or by an owner tag that holds their subject or e-mail. */
export function ownersOf(user: { name: string; ownerTag: string | undefined }, people: readonly Person[]): string[] {
  const name = user.name.toLowerCase();
  const tag = user.ownerTag?.toLowerCase();
  return people
    .filter((person) => {
      const emails = person.emails.map((email) => email.toLowerCase());
      const byName = person.awsNames.some((awsName) => awsName.toLowerCase() === name);
      return byName || (tag !== undefined && (tag === person.subject.toLowerCase() || emails.includes(tag)));
    })
    .map((person) => person.subject);
}
