// The obstacles: the reasons for which this page gets no microphone at all.

/**
 * @param {object} browser
 * @param {boolean} browser.hasMediaDevices
 * @param {boolean} browser.isSecureContext
 * @param {string?} secureAddress of this page with https; null where the station has none
 * @returns {{sentence: string, link?: string}?} null where nothing is in the way
 */
export function obstacleOf({ hasMediaDevices, isSecureContext }, secureAddress) {
  if (!isSecureContext) {
    const sentence = 'The browser gives no microphone to a page that came without https.';
    return secureAddress === null
      ? { sentence: `${sentence} The station has no address with https: its operator adds one with --tls-port.` }
      : { sentence: `${sentence} Go live here instead:`, link: secureAddress };
  }
  if (hasMediaDevices) return null;
  return { sentence: 'This browser gives no microphone to pages. Its settings may forbid this.' };
}
