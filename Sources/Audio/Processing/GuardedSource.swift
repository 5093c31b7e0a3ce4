import Core
package import System

/// Hands on a source's sound, or the fallback's while the source has failed or, if that is wanted, is silent. The source
/// keeps the pace in any case.
package struct GuardedSource: Source {
  /// The time over which sound fades in after a switch, so that no click is heard.
  private static let fade = Duration.milliseconds(5)

  private var source: any Source
  /// Played now where the source has no sound.
  private var fallback: (any Fallback)?
  /// The same from the source's first sound on.
  private let lasting: (any Fallback)?
  private var hasSound = false
  private var silence: SilenceWatch?
  private let replacesSilence: Bool
  private let silenceAlarm: Duration
  private let onEvent: @Sendable (SourceEvent) -> Void
  private var isReplaced = false

  /// - Parameters:
  ///   - fallback: in the source's format; nil is silence.
  ///   - opening: in the source's format, played instead of the fallback before the source's first sound; nil is the fallback.
  ///   - silenceAlarm: length of a silence after which the source counts as silent; nil is never.
  ///   - replacesSilence: whether the fallback is played for a source that is silent too.
  package init(
    _ source: any Source, fallback: (any Fallback)?, opening: (any Fallback)? = nil, silenceAlarm: Duration?,
    replacesSilence: Bool, onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    self.source = source
    self.fallback = opening ?? fallback
    lasting = fallback
    self.replacesSilence = replacesSilence
    self.onEvent = onEvent
    self.silenceAlarm = silenceAlarm ?? .zero
    silence = silenceAlarm.map { SilenceWatch(format: source.format, alarmAfter: $0) }
  }

  package var format: PCMFormat { source.format }
  package var summary: String { source.summary }

  package mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
    let reading = try source.read(into: &block, stop: stop)
    guard reading != .end else { return .end }
    if reading == .sound {
      if !hasSound { fallback = lasting }
      hasSound = true
      switch silence?.observe(block) {
      case .silent: onEvent(.silence(for: silenceAlarm))
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
    let length = min(Self.fade.samples(rate: format.sampleRate) * format.channels, block.count)
    for index in 0..<length {
      block[index] = Int32(Int(block[index]) * (index / format.channels) * format.channels / length)
    }
  }
}
