package import System

/// Hands on a source's sound, or the fallback's while the source has failed or, if that is wanted, is silent. The source
/// keeps the pace in any case.
package struct GuardedSource: Source {
  private var source: any Source
  /// Played now where the source has no sound.
  private var fallbacks: FallbackChain
  /// The same from the source's first sound on; nil where nothing changes then.
  private var lasting: FallbackChain?
  private var hasSound = false
  private var silence: SilenceWatch?
  private let replacesSilence: Bool
  private let silenceAlarm: Duration
  private let onEvent: @Sendable (SourceEvent) -> Void

  /// - Parameters:
  ///   - fallbacks: in the source's format, the best first; none is silence.
  ///   - opening: in the source's format, played instead of the fallbacks before the source's first sound.
  ///   - silenceAlarm: length of a silence after which the source counts as silent; nil is never.
  ///   - replacesSilence: whether a fallback is played for a source that is silent too.
  package init(
    _ source: any Source, fallbacks: [any Fallback], opening: (any Fallback)? = nil, silenceAlarm: Duration?,
    replacesSilence: Bool, onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    self.source = source
    let chain = FallbackChain(fallbacks, format: source.format, onEvent: onEvent)
    self.fallbacks =
      opening.map { FallbackChain([$0], format: source.format, isPatient: false, onEvent: onEvent) } ?? chain
    lasting = opening == nil ? nil : chain
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
      hasSound = true
      switch silence?.observe(block) {
      case .silent: onEvent(.silence(for: silenceAlarm))
      case .soundBack: onEvent(.soundBack)
      case nil: break
      }
    }
    let isMissing = reading == .filling || (replacesSilence && silence?.isSilent == true)
    fallbacks.play(over: &block, hasSound: !isMissing)
    if hasSound, fallbacks.isResting, let chain = lasting { (fallbacks, lasting) = (chain, nil) }
    return reading
  }
}
