import Audio
import Codec
import Core

/// The description of a stream for listeners, as `live.json` has it: the facts that never change, and with them the state
/// at one moment.
struct StreamDescription: Sendable {
  let name: StreamName
  private(set) var source: OpenedSource.Kind
  /// Samples per second of the source.
  let sourceRate: Int
  let settings: StreamSettings
  let rendition: Rendition

  /// - Parameter rendition: of the encoded stream.
  init(_ settings: StreamSettings, source: OpenedSource, rendition: Rendition) {
    name = settings.name
    self.source = source.kind
    sourceRate = source.source.format.sampleRate
    self.settings = settings
    self.rendition = rendition
  }

  /// The kind of the source that is heard: the test tone while no capture device has come yet.
  func kind(health: SourceHealth) -> OpenedSource.Kind {
    health.outage == .absent && settings.startsWithTone ? .tone : source
  }

  /// The members of the JSON object at one moment.
  /// - Parameters:
  ///   - fault: one line for listeners while the source has a fault.
  ///   - hasEnded: whether the input has ended.
  func members(health: SourceHealth, fault: String?, hasEnded: Bool) -> [(String, JSON)] {
    var heard = self
    heard.source = kind(health: health)
    // The room has the stream's name.
    let room: [(String, JSON)] = settings.hasRoom ? [("room", .string(name.text))] : []
    let pictures: [(String, JSON)] = settings.mayHavePictures ? [("pictures", .bool(true))] : []
    return Figures.facts.members(of: heard) + room + pictures + [("notice", fault.map { JSON.string($0) } ?? .null)]
      + Figures.health.members(of: health)
      + [Figures.ended].members(of: hasEnded)
  }
}
