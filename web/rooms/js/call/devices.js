// Devices: the microphones and cameras to choose from, and the next one where one is lost.

import { text } from '../../../js/language/texts.js';

/**
 * @typedef {import('./refusals.js').DeviceKind} DeviceKind
 * @typedef {{id: string, label: string}} Device
 */

/** The kind of device in the terms of enumerateDevices (MediaDeviceInfo.kind). */
const INFO_KINDS = { microphone: 'audioinput', camera: 'videoinput' };

/**
 * @param {MediaDeviceInfo[]} infos of enumerateDevices
 * @param {DeviceKind} kind
 * @returns {Device[]} Before the permission, browsers give devices neither an id nor a label; such devices are left out.
 */
export const devicesOf = (infos, kind) => infos
  .filter((info) => info.kind === INFO_KINDS[kind] && info.deviceId !== '')
  .map((info, i) => ({ id: info.deviceId, label: info.label || text(`lost.device-${kind}`, { number: i + 1 }) }));

/**
 * The device that replaces a lost one: the first that is not passed over.
 * @param {Device[]} devices those that are connected now
 * @param {Set<string>} passed the ids of the devices that do not work
 * @returns {Device | null}
 */
export const nextDevice = (devices, passed) => devices.find(({ id }) => !passed.has(id)) ?? null;

/**
 * The constraints of getUserMedia for a device.
 * @param {DeviceKind} kind
 * @param {string?} id null for the browser's choice
 */
export function constraintsOf(kind, id) {
  const device = id === null ? {} : { deviceId: { exact: id } };
  if (kind === 'microphone') {
    return { audio: { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true } };
  }
  // Each of the others gets a picture of its own from this device, so that the picture is small.
  return { video: { ...device, width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } } };
}

/** What happened when a device was lost, as a sentence. */
export function lossSentence(kind, lost, next) {
  const device = lostDevice(kind, lost);
  return next ? text('lost.call-next', { device, next: next.label }) : text(`lost.call-${kind}`, { device });
}

/** A lost device in words. @param {DeviceKind} kind @param {Device?} lost null where its name is unknown */
export const lostDevice = (kind, lost) => (lost ? text(`lost.${kind}-named`, { name: lost.label }) : text(`lost.${kind}`));

/** What happened when a device came after the only one was lost, as a sentence. */
export const returnSentence = (kind, device) => text(`lost.call-${kind}-back`, { name: device.label });
