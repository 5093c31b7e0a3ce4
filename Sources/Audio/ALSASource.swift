import Synchronization

/// Reads a capture device. What the device loses, by an overrun or by going away for a while, is filled with exactly as
/// much silence, so that the stream's length stays true to the clock.
package struct ALSASource: Source {
  private static let waitMilliseconds = 100
  private static let pauseMilliseconds = 2
  /// How many milliseconds of waiting may bring nothing before the device counts as lost. Waiting and not the clock, which
  /// goes on while the whole process is stopped.
  private static let patience = 2000

  package let format: PCMFormat
  package let summary: String
  package private(set) var startTime = 0
  private let onEvent: @Sendable (SourceEvent) -> Void
  private let opener: DeviceOpener
  private var device: ALSADevice?
  private var clock: CaptureClock
  /// Frames handed out, silence included.
  private var position = 0
  /// Frames handed out when the device was lost.
  private var lostAt = 0
  private var waited = 0
  /// After a start: the next frames tell how many are missing before them.
  private var resuming = false

  /// - Parameters:
  ///   - device: as ALSA names it: `default`, `hw:1,0`, `plughw:CARD=Device`.
  ///   - rates: sample rates to ask for, the best first; likewise `channels`.
  ///   - blockSize: the period to ask for, in frames.
  package init(
    device name: String, rates: [Int], channels: [Int], blockSize: Int,
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) throws(SourceError) {
    let device = try ALSADevice.open(name, rates: rates, channels: channels, period: blockSize)
    do {
      try device.start()
    } catch {
      device.close()
      throw error
    }
    self.device = device
    self.onEvent = onEvent
    (format, summary) = (device.format, device.summary)
    clock = CaptureClock(rate: device.format.sampleRate)
    opener = DeviceOpener(
      name: name, rates: [device.format.sampleRate], channels: [device.format.channels], period: blockSize)
  }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Bool {
    block.removeAll(keepingCapacity: true)
    while block.isEmpty {
      guard !stop.isRaised else {
        device?.close()
        device = nil
        opener.cancel()
        return false
      }
      if let device {
        do {
          try capture(device, into: &block)
        } catch {
          lose(device, because: error.description)
        }
      } else {
        bridge(into: &block)
      }
    }
    position += block.count / format.channels
    if startTime == 0 {
      startTime = Clock.wall() - position * 1_000_000 / format.sampleRate
    }
    return true
  }

  private mutating func capture(_ device: ALSADevice, into block: inout [Int32]) throws(SourceError) {
    let arrival = try device.await(milliseconds: Self.waitMilliseconds)
    let now = Clock.monotonic()
    switch arrival {
    case .overrun:
      try device.start()
      resuming = true
    case .timeout:
      try wait(Self.waitMilliseconds, for: device)
    case .nothing:
      // A wake-up without frames, as the pulse plugin has them: the next may come at once.
      Clock.sleep(until: now + Self.pauseMilliseconds * 1_000_000)
      try wait(Self.pauseMilliseconds, for: device)
    case .frames(let available):
      waited = 0
      let lost =
        resuming
        ? clock.lost(position: position + available, now: now)
        : clock.observe(position: position + available, now: now)
      if lost > 0 {
        block.append(contentsOf: repeatElement(0, count: lost * format.channels))
        onEvent(.overrun(lostFrames: lost))
      }
      resuming = false
      if try device.read(into: &block) == .overrun {
        try device.start()
        resuming = true
      }
    }
  }

  private mutating func wait(_ milliseconds: Int, for device: ALSADevice) throws(SourceError) {
    waited += milliseconds
    guard waited <= Self.patience else { throw SourceError("alsa:\(device.name): it gives nothing") }
  }

  /// Sends silence at the device's pace until it can be opened again.
  private mutating func bridge(into block: inout [Int32]) {
    let now = Clock.monotonic()
    if let found = opener.take() {
      (device, resuming, waited) = (found, true, 0)
      onEvent(.deviceBack(summary: found.summary, lostFrames: position - lostAt))
      return
    }
    let due = clock.position(now: now) - position
    // In lumps of ten milliseconds, as a device has them.
    guard due >= format.sampleRate / 100 else {
      Clock.sleep(until: now + 5_000_000)
      return
    }
    block.append(contentsOf: repeatElement(0, count: due * format.channels))
  }

  private mutating func lose(_ device: ALSADevice, because reason: String) {
    device.close()
    self.device = nil
    lostAt = position
    onEvent(.deviceLost(reason: reason))
    opener.start()
  }
}
