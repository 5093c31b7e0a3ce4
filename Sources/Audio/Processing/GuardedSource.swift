package import System

/// Hands on a source's sound, and the fallback's where the source has failed or, if that is wanted, has gone silent. The
/// source keeps the pace in any case.
package struct GuardedSource: Source {
  /// Milliseconds over which sound sets in after a switch, lest it clicks.
  private static let fade = 5

  private var source: any Source
  private var fallback: (any Fallback)?
  private var silence: SilenceWatch?
  private let replacesSilence: Bool
  private let alarm: Int
  private let onEvent: @Sendable (SourceEvent) -> Void
  private var isReplaced = false

  /// - Parameters:
  ///   - fallback: in the source's format; nil is silence.
  ///   - silenceAlarm: seconds of silence after which the source counts as silent; nil is never.
  ///   - replacesSilence: whether the fallback is played for a source that is silent too.
  package init(
    _ source: any Source, fallback: (any Fallback)?, silenceAlarm: Int?, replacesSilence: Bool,
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    (self.source, self.fallback, self.replacesSilence, self.onEvent) = (source, fallback, replacesSilence, onEvent)
    alarm = silenceAlarm ?? 0
    silence = silenceAlarm.map { SilenceWatch(format: source.format, milliseconds: $0 * 1000) }
  }

  package var format: PCMFormat { source.format }
  package var summary: String { source.summary }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    let reading = try source.read(into: &block, stop: stop)
    guard reading != .end else { return .end }
    if reading == .sound {
      switch silence?.observe(block) {
      case .silent: onEvent(.silence(seconds: alarm))
      case .soundBack: onEvent(.soundBack)
      case nil: break
      }
    }
    let isMissing = reading == .filling || (replacesSilence && silence?.isSilent == true)
    replace(isMissing && fallback != nil, &block)
    return reading
  }

  private mutating func replace(_ replaces: Bool, _ block: inout [Int32]) {
    let isSwitch = replaces != isReplaced
    isReplaced = replaces
    if isSwitch, replaces { fallback?.begin() }
    if replaces { fallback?.fill(&block) }
    if isSwitch { fadeIn(&block) }
  }

  private func fadeIn(_ block: inout [Int32]) {
    let length = min(format.sampleRate * Self.fade / 1000 * format.channels, block.count)
    for index in 0..<length {
      block[index] = Int32(Int(block[index]) * (index / format.channels) * format.channels / length)
    }
  }
}
