package import System

/// Captures from a device. Sound that is lost, because the device overran, failed or hung for a while, is filled with
/// exactly as much silence, so that the stream's length stays true to the clock.
package struct ALSASource: Source {
  private static let waitTimeout = Duration.milliseconds(10)
  private static let openTimeout = Duration.seconds(3)

  package let format: PCMFormat
  package let summary: String
  private let onEvent: @Sendable (SourceEvent) -> Void
  private let reader: DeviceReader
  private var timeline: CaptureTimeline
  private var watch: RateWatch
  /// The device that is open now.
  private var current: (summary: String, format: PCMFormat)
  private var hasOpened = false
  /// Converts the device's format to the stream's; nil if they are the same.
  private var converter: Resampler?
  /// The latest event of the outage, if there is one.
  private var outage: SourceEvent?
  /// Frames handed out before the outage.
  private var lostAt = 0

  /// Opens a device of ALSA, and waits some seconds for it at the most.
  /// - Parameters:
  ///   - device: as ALSA names it: `default`, `hw:1,0`, `plughw:CARD=Device`.
  ///   - wish: the formats to ask for.
  ///   - absent: makes the event of a device that is not there now, from the reason. The device is tried again.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  package init(
    device name: String, wish: CaptureWish, absent: (_ reason: String) -> SourceEvent = { .deviceLost(reason: $0) },
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    let reader = DeviceReader(device: name, wish: wish)
    // A driver may hang, and a sound server may take its time.
    let first = reader.take(atMost: Self.openTimeout)
    guard case .opened(let summary, let format) = first else {
      self.init(reader, summary: "alsa:\(name), not there yet", wish.likely, onEvent: onEvent)
      let reason = if case .failed(let reason) = first { reason } else { "alsa:\(name): it does not answer" }
      lose(absent(reason))
      return
    }
    self.init(reader, summary: summary, format, onEvent: onEvent)
    hasOpened = true
  }

  /// - Parameters:
  ///   - device: the device that is open already.
  ///   - open: opens the device again when it has failed.
  package init(
    _ device: any CaptureDeviceHandle, onEvent: @escaping @Sendable (SourceEvent) -> Void,
    open: @escaping @Sendable () throws(SourceError) -> any CaptureDeviceHandle
  ) {
    self.init(DeviceReader(device, open: open), summary: device.summary, device.format, onEvent: onEvent)
  }

  private init(
    _ reader: DeviceReader, summary: String, _ format: PCMFormat, onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    (self.reader, self.summary, self.format, self.onEvent) = (reader, summary, format, onEvent)
    current = (summary, format)
    timeline = CaptureTimeline(rate: format.sampleRate)
    watch = RateWatch(rate: format.sampleRate)
  }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    while !stop.isRaised {
      switch reader.take(atMost: Self.waitTimeout) {
      case .frames(let frames, let now): accept(frames, at: now, into: &block)
      case .opened(let summary, let format): open(summary, format)
      case .overrun:
        timeline.interrupt()
        watch.interrupt()
      case .failed(let reason): lose(.deviceLost(reason: reason))
      case nil:
        if timeline.idle(for: Self.waitTimeout) { lose(.deviceHangs(for: CaptureTimeline.idleTimeout)) }
      }
      guard block.isEmpty else { return .sound }
      let bridge = timeline.bridge(now: .now)
      fill(bridge, into: &block)
      guard block.isEmpty else { return .filling }
    }
    reader.stop()
    return .end
  }

  private mutating func accept(_ frames: [Int32], at now: MonotonicTime, into block: inout [Int32]) {
    let rate = watch.rate
    if watch.observe(frames: frames.count / current.format.channels, now: now) {
      convert(from: PCMFormat(sampleRate: watch.rate, channels: current.format.channels), rate: rate)
      timeline.interrupt()
    }
    let sound = converter?.convert(frames) ?? frames
    guard !sound.isEmpty else { return }
    let fit = timeline.arrive(frames: sound.count / format.channels, now: now)
    fill(fit, into: &block)
    block += sound.dropFirst(fit.dropped * format.channels)
    if outage != nil, !timeline.isBridging {
      let kept = sound.count / format.channels - fit.dropped
      onEvent(.deviceBack(summary: current.summary, lostFrames: timeline.position - kept - lostAt))
      outage = nil
    } else if fit.silence > 0 {
      onEvent(.overrun(lostFrames: fit.silence))
    }
  }

  private func fill(_ fit: CaptureTimeline.Fit, into block: inout [Int32]) {
    block.append(contentsOf: repeatElement(0, count: fit.silence * format.channels))
    if fit.leftOut > 0 { onEvent(.leftOut(frames: fit.leftOut)) }
  }

  private mutating func open(_ summary: String, _ opened: PCMFormat) {
    // Before the first device, the stream's rate was a guess.
    convert(from: opened, rate: hasOpened ? watch.rate : opened.sampleRate)
    hasOpened = true
    current = (summary, opened)
    watch = RateWatch(rate: opened.sampleRate)
  }

  /// - Parameter rate: the rate of the device until now.
  private mutating func convert(from device: PCMFormat, rate: Int) {
    if device.sampleRate != rate { onEvent(.rateChanged(from: rate, to: device.sampleRate)) }
    converter = device == format ? nil : Resampler(from: device, to: format)
  }

  private mutating func lose(_ event: SourceEvent) {
    timeline.lose()
    watch.interrupt()
    // Each failed attempt to open the device is an event; one is enough. But an error tells more than a hang.
    if outage == nil { lostAt = timeline.position }
    guard outage == nil || (outage?.isHang == true && !event.isHang) else { return }
    outage = event
    onEvent(event)
  }
}
