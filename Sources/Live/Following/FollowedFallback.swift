import Audio
import Core

/// The sound of a place as a fallback. The stream's own blocks count the time: while the fallback is not heard, its sound
/// goes by.
///
/// Unchecked: the fallback is made on one thread, and belongs to the thread that plays it from then on.
struct FollowedFallback: Fallback, @unchecked Sendable {
  let name: String
  private let onEvent: @Sendable (SourceEvent) -> Void
  private var followed: FollowedSound
  private var events: [FollowedSound.Event] = []
  private var hasSound = false
  /// Samples that are filled next.
  private var ready: [Int32] = []
  private var title: SoundTitle?
  private var isHeard = false

  /// - Parameters:
  ///   - name: of the place, for the log.
  ///   - format: of the stream.
  ///   - onEvent: called on the thread that plays the fallback.
  init(
    _ place: any SoundPlace, named name: String, format: PCMFormat,
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    (self.name, self.onEvent) = (name, onEvent)
    followed = FollowedSound(place, format: format)
  }

  mutating func isReady(samples: Int) -> Bool {
    while ready.count < samples {
      hasSound = followed.tick(into: &ready, events: &events)
      for event in events { tell(event) }
      events.removeAll(keepingCapacity: true)
    }
    return hasSound
  }

  mutating func begin() {
    isHeard = true
    if let title { onEvent(.fallbackTitle(title)) }
  }

  mutating func fill(_ block: inout [Int32]) {
    _ = isReady(samples: block.count)
    block.replaceSubrange(0..<block.count, with: ready[..<block.count])
    ready.removeFirst(block.count)
  }

  mutating func pass(samples: Int) {
    ready.removeFirst(min(samples, ready.count))
  }

  mutating func fadeOut() { isHeard = false }
  mutating func end() { isHeard = false }

  private mutating func tell(_ event: FollowedSound.Event) {
    switch event {
    case .lost(let reason), .stillLost(let reason):
      onEvent(.remark("fallback \(name): \(reason); it is not heard until it has sound"))
    case .hangs(let span):
      onEvent(.remark("fallback \(name): it has given nothing for \(span.milliseconds) ms"))
    case .back: onEvent(.remark("fallback \(name): it has sound again"))
    case .title(let title):
      self.title = title == SoundTitle(title: nil) ? nil : title
      if isHeard { onEvent(.fallbackTitle(title)) }
    }
  }
}
