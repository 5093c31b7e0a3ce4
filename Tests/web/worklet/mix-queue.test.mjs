import assert from 'node:assert/strict';
import test from 'node:test';
import { MixQueue } from '../../../web/worklet/mix-queue.js';

const RATE = 48_000;
const HZ = 440;

/** A network and a loudspeaker around a queue, on one clock of milliseconds. */
class Line {
  queue = new MixQueue();
  heard = [];
  now = 0;
  #sent = 0;
  #due = [];

  /** @param {{delay?: (at: number) => number, drift?: number, block?: number}} options `drift` of the sender, ppm */
  constructor({ delay = () => 0, drift = 0, block = 128 } = {}) {
    this.delay = delay;
    this.frameMs = 10 * (1 - drift / 1e6);
    this.block = block;
    this.nextFrame = 0;
    this.nextBlock = 5;
  }

  run(ms) {
    const end = this.now + ms;
    for (;;) {
      const at = Math.min(this.nextFrame, this.nextBlock, this.#due[0]?.at ?? Infinity);
      if (at > end) break;
      this.now = at;
      if (this.#due[0]?.at === at) this.queue.write(this.#due.shift().frame);
      else if (at === this.nextFrame) this.#send();
      else this.#play();
    }
    this.now = end;
  }

  #send() {
    const frame = [Float32Array.from({ length: 480 }, (_, i) => Math.sin(2 * Math.PI * HZ * (this.#sent + i) / RATE))];
    this.#sent += 480;
    const last = this.#due.at(-1)?.at ?? 0;
    this.#due.push({ at: Math.max(last, this.now + this.delay(this.now)), frame });
    this.nextFrame += this.frameMs;
  }

  #play() {
    const output = [new Float32Array(this.block), new Float32Array(this.block)];
    this.queue.read(output, 1);
    this.heard.push(...output[0]);
    this.nextBlock += this.block / 48;
  }
}

/** The largest step from one sample to the next. A click is larger than any step of the tone. */
const steepest = (sound) => sound.reduce((most, sample, i) => (i === 0 ? 0 : Math.max(most, Math.abs(sample - sound[i - 1]))), 0);
const TONE_STEP = 2 * Math.PI * HZ / RATE;

test('on a quiet line the queue keeps less than 25 ms, and never runs dry', () => {
  const line = new Line();
  line.run(10_000);
  line.queue.takeMeanFill();
  line.run(10_000);
  assert.equal(line.queue.underruns, 0);
  assert.ok(line.queue.takeMeanFill() < 25);
  assert.ok(steepest(line.heard) < 1.3 * TONE_STEP);
});

test('jitter makes the queue longer, and after the first gaps it never runs dry', () => {
  let seed = 1;
  const random = () => (seed = seed * 16_807 % 2_147_483_647) / 2_147_483_647;
  const line = new Line({ delay: () => 25 * random() });
  line.run(5000);
  const early = line.queue.underruns;
  line.run(20_000);
  assert.ok(line.queue.underruns - early <= 1, `${line.queue.underruns} underruns, ${early} of them early`);
  assert.ok(line.queue.takeMeanFill() < 55);
});

test('a reserve that a bad moment has raised is taken back on a quiet line', () => {
  const line = new Line({ delay: (at) => (at < 3000 && at % 500 < 60 ? 60 - at % 500 : 0) });
  line.run(3000);
  assert.ok(line.queue.reserve > 15, `${line.queue.reserve} ms`);
  const { underruns } = line.queue;
  line.run(60_000);
  assert.ok(line.queue.reserve < 8, `${line.queue.reserve} ms`);
  line.queue.takeMeanFill();
  line.run(2000);
  assert.ok(line.queue.takeMeanFill() < 25);
  assert.ok(line.queue.underruns - underruns <= 1);
});

test('a jitter that comes again and again keeps its reserve', () => {
  const line = new Line({ delay: (at) => (at % 3000 < 40 ? 40 - at % 3000 : 0) });
  line.run(60_000);
  const { underruns } = line.queue;
  line.run(120_000);
  assert.ok(line.queue.underruns - underruns <= 6, `${line.queue.underruns - underruns} underruns in two minutes`);
});

for (const drift of [200, -200]) {
  test(`a sender whose clock is off by ${drift} ppm is followed`, () => {
    const line = new Line({ drift });
    line.run(120_000);
    line.queue.takeMeanFill();
    line.run(5000);
    assert.ok(line.queue.underruns + line.queue.cuts <= 1, `${line.queue.underruns} ${line.queue.cuts}`);
    const fill = line.queue.takeMeanFill();
    assert.ok(fill > 5 && fill < 30, `${fill} ms`);
  });
}

test('what a stall of 200 ms has left is gone within a second, and without a click', () => {
  const line = new Line({ delay: (at) => (at > 5000 && at < 5200 ? 5200 - at : 0) });
  line.run(5000);
  const before = line.queue.fill;
  line.run(1200);
  assert.ok(line.queue.fill < before + 20, `${before} ms before, ${line.queue.fill} ms after`);
  assert.equal(line.queue.cuts, 1);
  assert.ok(steepest(line.heard) < 2 * TONE_STEP, `a step of ${steepest(line.heard)}`);
});

test('a device that reads much at once is served too', () => {
  const line = new Line({ block: 1024 });
  line.run(20_000);
  const { underruns } = line.queue;
  assert.ok(underruns <= 4, `${underruns} underruns`);
  line.run(20_000);
  assert.equal(line.queue.underruns, underruns);
});

test('a page that slept for long keeps nothing of that time', () => {
  const queue = new MixQueue();
  for (let i = 0; i < 500; i++) queue.write([new Float32Array(480)]);
  assert.ok(queue.fill < 2000);
  const output = [new Float32Array(128), new Float32Array(128)];
  for (let i = 0; i < 375; i++) queue.read(output, 1);
  assert.ok(queue.fill < 40, `${queue.fill} ms`);
});

test('mono is heard on both sides, and stereo on its own', () => {
  const queue = new MixQueue();
  for (let i = 0; i < 6; i++) queue.write([new Float32Array(480).fill(0.5), new Float32Array(480).fill(-0.5)]);
  const output = [new Float32Array(960), new Float32Array(960)];
  queue.read(output, 1);
  assert.ok(Math.abs(output[0][900] - 0.5) < 0.01 && Math.abs(output[1][900] + 0.5) < 0.01);
});
