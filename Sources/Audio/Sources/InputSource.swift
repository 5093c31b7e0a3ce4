package import System

/// Plays a file or a pipe at real-time pace. Where the input fails or gives nothing, it is silence as long as the time that
/// passes, and the input is tried again.
///
/// A producer that runs ahead is held back, and loses nothing.
package struct InputSource: Source {
  /// The longest wait for an input to open, or for the first bytes of a pipe, which tell its format.
  private static let openTimeout = Duration.seconds(1)
  private static let waitTimeout = Duration.milliseconds(10)

  package let format: PCMFormat
  package private(set) var summary: String
  private let onEvent: @Sendable (SourceEvent) -> Void
  private let name: String
  private let reader: InputReader
  /// Whether an input that cannot be used may be another one at the next attempt.
  private let isReopened: Bool
  private var timeline: InputTimeline
  /// Converts the input's format to the stream's; nil if they are the same.
  private var converter: Resampler?
  /// The format of an input that cannot be converted, whose sound is silence; nil for every other input.
  private var refused: PCMFormat?
  /// The latest event of the outage, if there is one.
  private var outage: SourceEvent?
  /// Frames handed out before the outage.
  private var lostAt = 0

  /// Opens the input, and waits a second for it at the most.
  /// - Parameters:
  ///   - likely: the format to play in where the input's is not known yet.
  ///   - onEvent: called on the thread that opens the source, and then on the thread that reads it.
  /// - Throws: the reason why the input is unusable as it is. Another input is tried again.
  package init(
    _ choice: InputChoice, likely: PCMFormat, onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) throws(SourceError) {
    (name, self.onEvent) = (choice.name, onEvent)
    reader = InputReader(choice)
    if case .path = choice.place { isReopened = true } else { isReopened = false }
    switch reader.take(atMost: Self.openTimeout) {
    case .opened(let summary, let format, let remarks, _):
      (self.format, self.summary) = (format, summary)
      for remark in remarks { onEvent(.remark(remark)) }
    case .failed(let error) where error.isUnusable:
      reader.stop()
      throw error
    case .failed(let error):
      (format, summary) = (likely, "\(choice.name), not there yet")
      outage = .deviceLost(reason: error.description)
    case .event, .frames, .ended, nil: (format, summary) = (likely, "\(choice.name), without sound yet")
    }
    timeline = InputTimeline(rate: format.sampleRate)
    if let outage {
      timeline.lose()
      onEvent(outage)
    }
  }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    block.removeAll(keepingCapacity: true)
    while !stop.isRaised {
      switch reader.take(atMost: Self.waitTimeout) {
      case .opened(let summary, let format, let remarks, _):
        self.summary = summary
        refused = Resampler.canConvert(from: format, to: self.format) ? nil : format
        if refused != nil {
          let error = SourceError.rates(from: format, to: self.format).of(name)
          guard isReopened else {
            reader.stop()
            throw error
          }
          lose(.deviceLost(reason: error.description))
          continue
        }
        converter = format == self.format ? nil : Resampler(from: format, to: self.format)
        for remark in remarks { onEvent(.remark(remark)) }
      case .frames(let frames, let isAhead):
        if let refused {
          replace(frames.count / refused.channels, of: refused, isAhead: isAhead, into: &block)
          guard block.isEmpty else { return .filling }
        } else {
          accept(frames, isAhead: isAhead, into: &block)
        }
      case .event(let event): onEvent(event)
      case .failed(let error):
        guard isReopened || !error.isUnusable else {
          reader.stop()
          throw error
        }
        lose(.deviceLost(reason: error.description))
      case .ended(let remark):
        if let remark { onEvent(.remark(remark)) }
        reader.stop()
        return .end
      case nil:
        let patience = timeline.presentPatience
        if timeline.idle(for: Self.waitTimeout) { lose(.deviceHangs(for: patience)) }
      }
      guard block.isEmpty else { return .sound }
      let fit = timeline.fill(now: .now)
      if fit.leftOut > 0 { onEvent(.leftOut(frames: fit.leftOut)) }
      block.append(contentsOf: repeatElement(0, count: fit.silence * format.channels))
      guard block.isEmpty else { return .filling }
    }
    // The station may go on without the stream.
    if !reader.stop() { onEvent(.remark("\(name): a read still waits; its thread ends with that read")) }
    return .end
  }

  private mutating func accept(_ frames: [Int32], isAhead: Bool, into block: inout [Int32]) {
    let sound = converter?.convert(frames) ?? frames
    guard !sound.isEmpty else { return }
    block += sound
    let due = timeline.arrive(frames: sound.count / format.channels, isAhead: isAhead, now: .now)
    if outage != nil {
      let before = timeline.position - sound.count / format.channels
      onEvent(.deviceBack(summary: summary, lostFrames: before - lostAt))
      outage = nil
    }
    Clock.sleep(until: due.nanoseconds)
  }

  /// Plays silence for frames that cannot be converted, so that the input goes on at its pace: the beginning of a pipe would
  /// be lost if the pipe was opened again.
  private mutating func replace(_ count: Int, of input: PCMFormat, isAhead: Bool, into block: inout [Int32]) {
    let frames = count * format.sampleRate / input.sampleRate
    guard frames > 0 else { return }
    block.append(contentsOf: repeatElement(0, count: frames * format.channels))
    Clock.sleep(until: timeline.arrive(frames: frames, isAhead: isAhead, now: .now).nanoseconds)
  }

  private mutating func lose(_ event: SourceEvent) {
    timeline.lose()
    // Each failed attempt to open the input is an event; one is enough. But an error tells more than a hang.
    if outage == nil { lostAt = timeline.position }
    guard outage == nil || (outage?.isHang == true && !event.isHang) else { return }
    outage = event
    onEvent(event)
  }
}
