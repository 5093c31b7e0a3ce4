import Audio
import Codec
import Core

/// The description of a stream for listeners, as `live.json` has it: the facts that never change, and with them the state
/// at one moment.
struct StreamDescription: Sendable {
  let name: StreamName
  let source: OpenedSource.Kind
  /// Samples per second of the source.
  let sourceRate: Int
  /// One line for listeners if another source is open than the one that was asked for.
  private let notice: String?
  let settings: StreamSettings
  let rendition: Rendition

  /// - Parameter rendition: of the encoded stream.
  init(_ settings: StreamSettings, source: OpenedSource, rendition: Rendition) {
    name = settings.name
    self.source = source.kind
    sourceRate = source.source.format.sampleRate
    notice = source.substitution?.notice
    self.settings = settings
    self.rendition = rendition
  }

  /// The members of the JSON object at one moment.
  /// - Parameters:
  ///   - fault: one line for listeners while the source has a fault.
  ///   - hasEnded: whether the input has ended.
  func members(health: SourceHealth, fault: String?, hasEnded: Bool) -> [(String, JSON)] {
    let notice = (fault ?? notice).map { JSON.string($0) } ?? .null
    return Figures.facts.members(of: self) + [("notice", notice)] + Figures.health.members(of: health)
      + [Figures.ended].members(of: hasEnded)
  }
}
