import Audio
import Core
import System

/// The station's events that follow from what a stream's source tells. Pure.
struct SourceEvents: Sendable {
  private let hasFallback: Bool
  /// Whether the source is a room, whose fallback is heard under voices too.
  private let isRoom: Bool
  /// Whether a fallback has sound, and is heard.
  private var isFallbackHeard = false
  /// The moments at which the present outage, silence and fallback began.
  private var lostAt: MonotonicTime?
  private var silentAt: MonotonicTime?
  private var fallbackAt: MonotonicTime?

  init(_ settings: StreamSettings) {
    hasFallback = !settings.fallbacks.isEmpty
    isRoom = settings.sourceRoom != nil
  }

  /// The events that an event of the source means, in their order.
  mutating func after(_ event: SourceEvent, at now: MonotonicTime) -> [StationEvent.Kind] {
    var events: [StationEvent.Kind] = []
    switch event {
    case .deviceLost(let reason): events += lost(reason, at: now)
    case .deviceHangs(let span): events += lost("it has given nothing for \(span.milliseconds) ms", at: now)
    case .deviceAbsent(let reason): events += lost("there is no capture device (\(reason))", at: now)
    case .deviceBack:
      if let lostAt { events.append(.sourceBack(after: now - lostAt)) }
      lostAt = nil
    case .silence(let span):
      if silentAt == nil { events.append(.silenceBegan(length: span)) }
      silentAt = silentAt ?? now
    case .soundBack:
      if let silentAt { events.append(.silenceEnded(after: now - silentAt)) }
      silentAt = nil
    case .fallback(let name, _): isFallbackHeard = name != nil
    case .sourceHeard: isFallbackHeard = false
    case .overrun, .rateChanged, .leftOut, .remark, .title, .fallbackTitle: break
    }
    return events + fallback(at: now)
  }

  private mutating func lost(_ reason: String, at now: MonotonicTime) -> [StationEvent.Kind] {
    guard lostAt == nil else { return [] }
    lostAt = now
    return [.sourceLost(reason: reason)]
  }

  private mutating func fallback(at now: MonotonicTime) -> [StationEvent.Kind] {
    let isPlayed = hasFallback && isFallbackHeard && (!isRoom || lostAt != nil)
    if isPlayed, fallbackAt == nil {
      fallbackAt = now
      return [.fallbackBegan]
    }
    guard !isPlayed, let began = fallbackAt else { return [] }
    fallbackAt = nil
    return [.fallbackEnded(after: now - began)]
  }
}
