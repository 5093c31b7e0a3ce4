import assert from 'node:assert/strict';
import test from 'node:test';
import { OwnDevice } from '../../../../web/rooms/js/call/own-device.js';
import { OwnMedia } from '../../../../web/rooms/js/call/own-media.js';
import { FakeMedia, settle } from './fake-media.mjs';

const CHOICES = { microphone: { id: null }, camera: { id: null } };

async function started(devices = new FakeMedia(), choices = CHOICES, wanted = { microphone: true, camera: true }) {
  const media = new OwnMedia(devices, choices);
  const notices = [];
  media.addEventListener('notice', ({ text }) => notices.push(text));
  await media.start(wanted);
  return { devices, media, notices, ...media };
}

test('microphone and camera are one request, so that the browser asks once', async () => {
  const { devices, microphone, camera } = await started();
  assert.equal(devices.requests, 1);
  assert.deepEqual(devices.live, ['mic1', 'cam1']);
  assert.deepEqual([microphone.id, camera.id], ['mic1', 'cam1']);
  assert.deepEqual(microphone.devices, [{ id: 'mic1', label: 'mic1!' }, { id: 'mic2', label: 'mic2!' }]);
  assert.deepEqual(camera.devices.map(({ id }) => id), ['cam1', 'cam2']);
});

test('the devices of the last visit are used, and where one is gone, another one', async () => {
  const choices = { microphone: { id: 'mic2' }, camera: { id: 'gone' } };
  const { devices, camera } = await started(new FakeMedia(), choices);
  assert.deepEqual(devices.live, ['mic2', 'cam1']);
  assert.equal(camera.refusal, null);
});

test('where one of both is refused, the other one starts', async () => {
  const devices = new FakeMedia();
  devices.errors.cam1 = 'NotReadableError';
  const { microphone, camera } = await started(devices);
  assert.deepEqual(devices.live, ['mic1']);
  assert.equal(microphone.refusal, null);
  assert.match(camera.refusal.sentence, /camera does not start/);
});

test('only what is wanted starts', async () => {
  const { devices } = await started(new FakeMedia(), CHOICES, { microphone: true, camera: false });
  assert.deepEqual(devices.live, ['mic1']);
});

test('a change of the device stops the former one', async () => {
  const { devices, microphone } = await started();
  await microphone.start('mic2');
  assert.deepEqual(devices.live, ['cam1', 'mic2']);
  assert.equal(microphone.track.deviceId, 'mic2');
});

test('where the chosen device does not start, the former one goes on', async () => {
  const { devices, microphone } = await started();
  devices.errors.mic2 = 'NotReadableError';
  await microphone.start('mic2');
  assert.deepEqual(devices.live, ['cam1', 'mic1']);
  assert.match(microphone.refusal.sentence, /does not start/);
});

test('of two choices in a row, the second one counts', async () => {
  const { devices, microphone } = await started();
  await Promise.all([microphone.start('mic2'), microphone.start('mic1')]);
  assert.deepEqual(devices.live, ['cam1', 'mic1']);
  assert.equal(microphone.track.deviceId, 'mic1');
});

test('a muted microphone is silent, another microphone too', async () => {
  const { microphone } = await started();
  microphone.isEnabled = false;
  assert.equal(microphone.track.enabled, false);
  await microphone.start('mic2');
  assert.equal(microphone.track.enabled, false);
  microphone.isEnabled = true;
  assert.equal(microphone.track.enabled, true);
});

test('a camera that is off is stopped, also one that has not come yet', async () => {
  const { devices, camera } = await started();
  camera.stop();
  assert.equal(camera.isOn, false);
  assert.deepEqual(devices.live, ['mic1']);
  const starting = camera.start();
  camera.stop();
  await starting;
  assert.equal(camera.isOn, false);
  assert.deepEqual(devices.live, ['mic1']);
});

test('a device that is lost is replaced by the next one', async () => {
  const { devices, microphone, notices } = await started();
  devices.microphones = ['mic2'];
  microphone.track.lose();
  await settle();
  assert.deepEqual(devices.live, ['cam1', 'mic2']);
  assert.deepEqual(notices, ['The microphone “mic1!” is gone. The call goes on with “mic2!”.']);
});

test('a device that vanishes from the list is lost, even where its track does not end', async () => {
  const { devices, microphone, notices } = await started();
  await devices.change({ microphones: ['mic2'] });
  assert.deepEqual(devices.live, ['cam1', 'mic2']);
  assert.equal(microphone.track.deviceId, 'mic2');
  assert.equal(notices.length, 1);
});

test('a device that does not start is passed over', async () => {
  const devices = new FakeMedia();
  devices.microphones.push('mic3');
  const { microphone } = await started(devices);
  devices.errors.mic2 = 'NotReadableError';
  devices.microphones = ['mic2', 'mic3'];
  microphone.track.lose();
  await settle();
  assert.deepEqual(devices.live, ['cam1', 'mic3']);
  assert.equal(microphone.refusal, null);
});

test('after the only device was lost, the first that comes is used', async () => {
  const { devices, camera, notices } = await started();
  devices.cameras = [];
  camera.track.lose();
  await settle();
  assert.equal(camera.isOn, false);
  assert.deepEqual(notices, ['The camera “cam1!” is gone, and there is no other one. The others do not see you.']);
  await devices.change({ cameras: ['cam9'] });
  assert.deepEqual(devices.live, ['mic1', 'cam9']);
  assert.equal(notices[1], 'The camera “cam9!” is connected. The call goes on with it.');
});

test('a device that comes changes nothing for somebody whose camera is off by choice', async () => {
  const { devices, camera } = await started();
  camera.stop();
  await devices.change({ cameras: ['cam1', 'cam2', 'cam3'] });
  assert.equal(camera.isOn, false);
  assert.equal(camera.devices.length, 3);
});

test('a browser without devices gives none', async () => {
  const media = new OwnMedia(undefined, CHOICES);
  await media.start({ microphone: true, camera: true });
  await media.microphone.start();
  assert.equal(media.microphone.isOn, false);
  media.stop();
});

test('a microphone that falls silent without a word is left for the next one', async () => {
  const { devices, microphone, notices } = await started();
  await microphone.giveUp();
  assert.deepEqual(devices.live, ['cam1', 'mic2']);
  assert.deepEqual(notices, ['The microphone “mic1!” is gone. The call goes on with “mic2!”.']);
});

test('a microphone that has fallen silent is not tried again, until the person chooses it', async () => {
  const { devices, microphone } = await started();
  await microphone.giveUp();
  await microphone.giveUp();
  assert.equal(microphone.isOn, false);
  await microphone.refresh(await devices.enumerateDevices());
  assert.equal(microphone.isOn, false);
  await microphone.start('mic1');
  assert.deepEqual([microphone.isOn, microphone.id], [true, 'mic1']);
});

test('a microphone that has fallen silent, was away and is connected again is used again', async () => {
  const { devices, microphone } = await started();
  await microphone.giveUp();
  await microphone.giveUp();
  const infos = await devices.enumerateDevices();
  await microphone.refresh(infos.filter(({ deviceId }) => deviceId !== 'mic1'));
  assert.equal(microphone.isOn, false);
  await microphone.refresh(infos);
  assert.deepEqual([microphone.isOn, microphone.id], [true, 'mic1']);
});

test('a microphone that is lost while the person stops it stays off', async () => {
  const { devices, microphone, notices } = await started();
  const given = microphone.giveUp();
  microphone.stop();
  await given;
  await settle();
  assert.equal(microphone.isOn, false);
  assert.deepEqual(devices.live, ['cam1']);
  await microphone.refresh(await devices.enumerateDevices());
  assert.deepEqual([microphone.isOn, notices], [false, []]);
});

test('another use of a device has its own constraints and its own sentences', async () => {
  const media = new FakeMedia();
  const asked = [];
  const device = new OwnDevice('microphone', media, null, {
    constraintsOf: (kind, id) => {
      asked.push(id);
      return { audio: id === null ? {} : { deviceId: { exact: id } } };
    },
    lossSentence: (kind, lost, next) => `${lost.label} lost, ${next.label} next`,
    returnSentence: () => '',
  });
  const notices = [];
  device.addEventListener('notice', ({ text }) => notices.push(text));
  await device.start();
  await device.refresh(await media.enumerateDevices());
  device.track.lose();
  await settle();
  assert.deepEqual([asked, notices], [[null, 'mic2'], ['mic1! lost, mic2! next']]);
});
