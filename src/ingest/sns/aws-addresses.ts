/** SNS's own hosts: one per region, and `.cn` for China's partition. */
const SNS_HOST = /^sns\.[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}\.amazonaws\.com(\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{16,64}\.pem$/;

/** The address of a signing certificate, or `undefined` for one that is not SNS's own. */
export function certificateAddress(text: string): URL | undefined {
  const url = snsAddress(text);
  return url !== undefined && url.search === '' && CERTIFICATE_PATH.test(url.pathname) ? url : undefined;
}

/** The address that confirms a subscription to a topic, or `undefined` for one that does anything else. */
export function subscribeAddress(text: string, topicArn: string): URL | undefined {
  const url = snsAddress(text);
  if (url === undefined || url.pathname !== '/') return undefined;
  const isMeant = url.searchParams.get('Action') === 'ConfirmSubscription' && url.searchParams.get('TopicArn') === topicArn;
  return isMeant ? url : undefined;
}

/** Parsed as the request will be: what a look-alike hides in user names, ports or escapes shows here. */
function snsAddress(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return undefined;
  return SNS_HOST.test(url.hostname) && url.hash === '' ? url : undefined;
}
