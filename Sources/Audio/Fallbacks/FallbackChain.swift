import Core

/// Several fallbacks, the best first: while a source has no sound, the first of them that has sound is heard.
package struct FallbackChain: Fallback {
  /// The sound of a source, or of a better fallback, after which that takes over.
  private static let patience = Duration.seconds(1)

  package let name = "fallbacks"
  private let format: PCMFormat
  private var fallbacks: [any Fallback]
  private let onEvent: @Sendable (SourceEvent) -> Void
  /// Of the source, at 0, and of the fallbacks.
  private var precedence: Precedence
  private var fade: CrossFade
  /// The sound that is heard: the source at 0, or a fallback.
  private var heard = 0
  /// The fallback that fades out.
  private var fading: Int?
  /// Frames in a row for which neither the source nor a fallback has had sound; nil once that is told.
  private var mute: Int? = 0

  /// - Parameters:
  ///   - fallbacks: in the format; none leaves the source as it is.
  ///   - isPatient: whether the source, or a better fallback, takes over only after a second of sound, and not at once.
  ///   - onEvent: called on the thread that plays the chain.
  package init(
    _ fallbacks: [any Fallback], format: PCMFormat, isPatient: Bool = true,
    onEvent: @escaping @Sendable (SourceEvent) -> Void
  ) {
    (self.fallbacks, self.format, self.onEvent) = (fallbacks, format, onEvent)
    precedence = Precedence(
      count: fallbacks.count + 1, patience: isPatient ? Self.patience.samples(rate: format.sampleRate) : 0)
    fade = CrossFade(format: format)
  }

  /// Whether the source is heard alone.
  var isResting: Bool { heard == 0 && !fade.isOn }

  package mutating func begin() {}
  package mutating func end() {}
  package mutating func isReady(samples: Int) -> Bool { !fallbacks.isEmpty }

  /// The chain alone, without a source.
  package mutating func fill(_ block: inout [Int32]) {
    for index in block.indices { block[index] = 0 }
    play(over: &block, hasSound: false)
  }

  /// Replaces the source's interleaved frames, or mixes them with a fallback's, where the source is not heard alone.
  /// - Parameters:
  ///   - block: the source's next frames: its sound, or silence.
  ///   - hasSound: whether the source has sound.
  package mutating func play(over block: inout [Int32], hasSound: Bool) {
    guard !fallbacks.isEmpty, !block.isEmpty else { return }
    var ready = [hasSound]
    for index in fallbacks.indices { ready.append(fallbacks[index].isReady(samples: block.count)) }
    let frames = block.count / format.channels
    let choice = precedence.choose(ready, frames: frames)
    let next = choice ?? 0
    if next != heard { change(to: next, ready) }
    // A sound that ends while it fades out is an end without a fade, too.
    if let fading, !ready[fading] {
      endFading()
      fade.begin(goesOn: false)
    }
    if choice == nil { noteMute(frames: frames) } else { mute = 0 }
    for index in fallbacks.indices where index + 1 != heard && index + 1 != fading {
      fallbacks[index].pass(samples: block.count)
    }
    let source = block
    if heard > 0 { fallbacks[heard - 1].fill(&block) }
    var before: [Int32]?
    if fade.isOn {
      before = source
      if let fading { fallbacks[fading - 1].fill(&before!) }
    }
    fade.apply(to: &block, before: before)
    if !fade.isOn { endFading() }
  }

  /// - Parameter ready: whether the source and each fallback have sound.
  private mutating func change(to next: Int, _ ready: [Bool]) {
    let goesOn = ready[heard] && !fade.isOn
    // A fallback that has not faded out yet is taken back without an end.
    if fading == next { fading = nil } else { endFading() }
    if heard > 0 {
      if goesOn {
        fading = heard
        fallbacks[heard - 1].fadeOut()
      } else {
        fallbacks[heard - 1].end()
      }
    }
    fade.begin(goesOn: goesOn)
    if next > 0 {
      onEvent(.fallback(name: fallbacks[next - 1].name, silent: fallbacks[..<(next - 1)].map(\.name)))
      // Its titles come after the event, and so count for this fallback.
      fallbacks[next - 1].begin()
    } else if ready[0] {
      onEvent(.sourceHeard)
    } else {
      tellMute()
    }
    heard = next
  }

  /// A file that opens has no sound for a moment: nobody is told that.
  private mutating func noteMute(frames: Int) {
    guard let before = mute else { return }
    mute = before + frames
    if before + frames >= Self.patience.samples(rate: format.sampleRate) { tellMute() }
  }

  private mutating func tellMute() {
    mute = nil
    onEvent(.fallback(name: nil, silent: fallbacks.map(\.name)))
  }

  private mutating func endFading() {
    if let fading { fallbacks[fading - 1].end() }
    fading = nil
  }
}
