// The obstacles: the reasons for which this page gets no microphone at all.

import { text } from '../../../js/language/texts.js';

/**
 * @param {object} browser
 * @param {boolean} browser.hasMediaDevices
 * @param {boolean} browser.isSecureContext
 * @param {string?} secureAddress of this page with https; null where the station has none
 * @returns {{sentence: string, link?: string}?} null where nothing is in the way
 */
export function obstacleOf({ hasMediaDevices, isSecureContext }, secureAddress) {
  if (!isSecureContext) {
    return secureAddress === null
      ? { sentence: text('studio.insecure') } : { sentence: text('studio.insecure-link'), link: secureAddress };
  }
  if (hasMediaDevices) return null;
  return { sentence: text('studio.no-devices') };
}
