import { expect, it } from 'vitest';
import { loadEnv } from '../../../src/config/env.js';

const JIRA = {
  TOURNIQUET_JIRA_URL: 'https://x.atlassian.net',
  TOURNIQUET_JIRA_EMAIL: 'bot@example.com',
  TOURNIQUET_JIRA_TOKEN: 'secret-token',
};
const MAIL = { TOURNIQUET_SMTP_URL: 'smtp://user:secret@mail.example.com:587', TOURNIQUET_MAIL_FROM: 'tourniquet@example.com' };

it('has neither Jira, Slack nor mail unless they are set', () => {
  expect(loadEnv({})).toMatchObject({ jira: undefined, slackWebhookUrl: undefined, mail: undefined });
});

it('reads all of them, with SEC and Task as defaults', () => {
  const env = loadEnv({ ...JIRA, ...MAIL, TOURNIQUET_SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x' });

  expect(env.jira).toEqual({
    url: 'https://x.atlassian.net',
    email: 'bot@example.com',
    token: 'secret-token',
    project: 'SEC',
    issueType: 'Task',
  });
  expect(env.mail).toEqual({ smtpUrl: MAIL.TOURNIQUET_SMTP_URL, from: 'tourniquet@example.com' });
  expect(env.slackWebhookUrl).toBe('https://hooks.slack.com/services/T/B/x');
});

it('names what is missing beside what is set', () => {
  const read = () => loadEnv({ TOURNIQUET_JIRA_URL: JIRA.TOURNIQUET_JIRA_URL, TOURNIQUET_SMTP_URL: MAIL.TOURNIQUET_SMTP_URL });

  expect(read).toThrow(/TOURNIQUET_JIRA_EMAIL: must be set with TOURNIQUET_JIRA_URL; TOURNIQUET_JIRA_TOKEN: .*; TOURNIQUET_MAIL_FROM: /);
});

it('refuses plain HTTP, credentials in the address, two sender addresses and odd project keys, and shows no value', () => {
  for (const bad of [
    { TOURNIQUET_JIRA_URL: 'http://secret.example.com' },
    { TOURNIQUET_JIRA_URL: 'https://me:secret@x.atlassian.net' },
    { TOURNIQUET_JIRA_PROJECT: 'SEC" OR secret' },
    { TOURNIQUET_SMTP_URL: 'http://secret' },
    { TOURNIQUET_MAIL_FROM: 'a@example.com, secret@example.com' },
    { TOURNIQUET_SLACK_WEBHOOK_URL: 'secret' },
  ]) {
    const read = () => loadEnv({ ...JIRA, ...MAIL, ...bad });
    expect(read).toThrow(Object.keys(bad)[0]);
    expect(read).not.toThrow(/secret/);
  }
});
