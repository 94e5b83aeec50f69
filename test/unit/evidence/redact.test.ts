import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/domain/evidence/redact.js';

const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TOKEN = `IQoJb3JpZ2luX2VjEXAMPLE${'aB3/x+9Zq'.repeat(30)}==`;
const PASSWORD = 'correct horse, "battery" staple';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2JieSJ9.abcDEF123-_x';

const SECRETS: Readonly<Record<string, string>> = {
  'a secret key': SECRET_KEY,
  'a session token': TOKEN,
  'a password': PASSWORD,
  'a JWT': JWT,
  'a short one': 'hunter2',
};

/** Where a secret may hide, as JSON text. */
const PLACES: Readonly<Record<string, (secret: string) => string>> = {
  'a field': (secret) => JSON.stringify({ responseElements: { credentials: { sessionToken: secret, accessKeyId: 'ASIAEXAMPLE' } } }),
  'a field in snake case': (secret) => JSON.stringify([{ aws_secret_access_key: secret }]),
  'an escaped JSON string': (secret) => JSON.stringify({ CloudTrailEvent: JSON.stringify({ credentials: { sessionToken: secret } }) }),
  'JSON escaped three times': (secret) =>
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: JSON.stringify({ masterUserPassword: secret }) }) }) }),
  'a percent-encoded document': (secret) =>
    JSON.stringify({ PolicyDocument: encodeURIComponent(JSON.stringify({ secretString: secret })) }),
  'a pair of name and value': (secret) => JSON.stringify({ environment: [{ name: 'AWS_SECRET_ACCESS_KEY', value: secret }] }),
  'a header pair': (secret) => JSON.stringify({ headers: [{ Key: 'Authorization', Value: secret }] }),
  'below a secret name': (secret) => JSON.stringify({ password: { current: [secret] } }),
};

describe('redact JSON', () => {
  it.each(Object.keys(PLACES).flatMap((place) => Object.keys(SECRETS).map((what) => [what, place] as const)))(
    'takes out %s in %s',
    (what, place) => {
      const secret = SECRETS[what] ?? '';
      const text = PLACES[place]?.(secret) ?? '';

      const working = redact(text, 'json');

      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) expect(working).not.toContain(form);
      expect(decodeURIComponent(working)).toContain('[redacted]');
      expect(() => void JSON.parse(working)).not.toThrow();
    },
  );

  it.each([
    `aws-cli/2.0 token=${TOKEN}`,
    `mysql -u root --password=${SECRET_KEY}`,
    `cut off {"credentials":{"secretAccessKey":"${SECRET_KEY}","sess`,
    'cut off {"masterUserPassword":"hunter2 and m',
    `cut off {\\"credentials\\":{\\"sessionToken\\":\\"${TOKEN}`,
    `https://bucket.s3.amazonaws.com/k?X-Amz-Security-Token=${encodeURIComponent(TOKEN)}&X-Amz-Signature=${'ab12'.repeat(16)}`,
    `Authorization: Bearer ${JWT}`,
    `Authorization: Basic ${Buffer.from(`bob:${SECRET_KEY}`).toString('base64')}`,
    `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260301/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=${'ab12'.repeat(16)}`,
    `plain ${SECRET_KEY} in a line`,
    `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----`,
  ])('takes out secrets in running text: %s', (text) => {
    const working = redact(JSON.stringify({ userAgent: text }), 'json');

    for (const secret of [SECRET_KEY, TOKEN, encodeURIComponent(TOKEN), JWT, 'ab12'.repeat(16), 'MIIEpAIBAAKCAQEA', 'hunter2']) {
      expect(working).not.toContain(secret);
    }
    expect(working).not.toContain(Buffer.from(`bob:${SECRET_KEY}`).toString('base64'));
    expect(working).toContain('[redacted]');
  });

  it('leaves a record without secrets as it was, byte for byte', () => {
    const text = `{
  "eventID": "0b2c5a3e-7d0e-4a3f-9a50-3b1c2d4e5f60", "passwordEnabled": true, "passwordResetRequired": false,
  "tokenIssueTime": "2026-03-01T12:00:00Z", "nextToken": null, "password": "HIDDEN_DUE_TO_SECURITY_REASONS",
  "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "arn": "arn:aws:iam::111122223333:role/aws-service-role/elasticfilesystem.amazonaws.com/AWSServiceRoleForAmazonElasticFileSystem",
  "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "document": "%7B%22Version%22%3A%222012-10-17%22%7D",
  "userAgent": "aws-cli/2.27.41 md/awscrt#0.26.1 ua/2.1 os/linux#5.15.0 md/arch#x86_64 lang/python#3.13.4"
}`;

    expect(redact(text, 'json')).toBe(text);
  });

  it('keeps who signed what, and changes nothing the second time', () => {
    const header = `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260301/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=${'ab12'.repeat(16)}`;
    const once = redact(JSON.stringify({ authorizationText: `Authorization: ${header}`, token: TOKEN }), 'json');

    expect(once).toContain('Credential=AKIAEXAMPLE');
    expect(redact(once, 'json')).toBe(once);
  });

  it('is done soon with a megabyte made to be slow', () => {
    const hostile = ['eyJ-', 'password: ', 'authorization:', 'AQoDYXdz ', '\\\\', '%2B', "password='"].map((part) =>
      part.repeat(150_000 / part.length),
    );

    expect(redact(JSON.stringify(hostile), 'json')).toContain('[redacted]');
  });

  it('takes the text as text when it is no JSON', () => {
    expect(redact(`{"a": broken ${SECRET_KEY}`, 'json')).toBe('{"a": broken [redacted]');
  });
});

describe('redact CSV', () => {
  it('takes out a column named as a secret, and cells that look like one', () => {
    const csv = `User name,Access key ID,Secret access key,note\r\nbob,AKIAEXAMPLE,"a,""b",x\r\n"al,ice",AKIAEXAMPLE2,pw,"uses ${TOKEN}, yes"\r\n`;

    expect(redact(csv, 'csv')).toBe(
      'User name,Access key ID,Secret access key,note\r\nbob,AKIAEXAMPLE,[redacted],x\r\n"al,ice",AKIAEXAMPLE2,[redacted],"uses [redacted], yes"\r\n',
    );
  });

  it('leaves a credential report as it was', () => {
    const csv = `user,arn,password_enabled,password_last_used,access_key_1_active\n<root_account>,arn:aws:iam::111122223333:root,not_supported,no_information,false\n"a ""b""",arn,true,2026-03-01T12:00:00+00:00,true`;

    expect(redact(csv, 'csv')).toBe(csv);
  });

  it('reads JSON inside a quoted cell', () => {
    const cell = JSON.stringify({ sessionToken: 'short-one' }).replaceAll('"', '""');

    expect(redact(`a,b\n1,"${cell}"\n`, 'csv')).toBe('a,b\n1,"{""sessionToken"":""[redacted]""}"\n');
  });
});
