// These sessions have a file of their own, so that they run beside the other sessions of the planner: they take as long
// as all of those together.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Simulation } from './simulation.mjs';

const HOUR = 3600;

for (const drift of [200e-6, -200e-6]) {
  for (const phase of [0.1, 0.7, 1.3, 1.95]) {
    test(`six hours, clocks ${drift * 1e6} ppm apart, first load at ${phase} s: no stall, no jump`, () => {
      const simulation = new Simulation({ speaker: drift, phase });
      simulation.run(6 * HOUR);
      assert.equal(simulation.stalls, 0);
      assert.equal(simulation.jumps, 0);
      const settled = simulation.behind.slice(60);
      assert.ok(Math.max(...settled) < 0.45, `at most ${Math.max(...settled)} s behind`);
      assert.ok(Math.min(...settled) > 0.1, `at least ${Math.min(...settled)} s behind`);
      assert.ok(simulation.rateChanges < 6 * 120, `${simulation.rateChanges} changes of the rate`);
    });
  }
}
