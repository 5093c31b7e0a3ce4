import System

/// A file, a folder or a playlist, over and over. A thread reads ahead, because a disk may hang. A file begins anew each time
/// that it is heard; a folder or a playlist goes on where it was.
package struct InputFallback: Fallback {
  /// Ends the thread with the last use of the reader.
  private final class Reader: Sendable {
    let reader: InputReader

    init(_ choice: InputChoice, convertibleTo target: PCMFormat? = nil) {
      reader = InputReader(choice, convertibleTo: target)
    }

    deinit { reader.stop(within: .zero) }
  }

  /// Sound that waits to be heard. After an outage of three seconds, the fallback is heard for all of it at once.
  private static let prefetch = Duration.seconds(4)

  private let choice: InputChoice
  private let onEvent: @Sendable (SourceEvent) -> Void
  private var reader: Reader
  /// The format of the input, once the input is open.
  private var input: PCMFormat?
  /// The format of the frames that are filled; nil is the input's.
  private var format: PCMFormat?
  /// Brings the input's sound into the format.
  private var converter: ListConverter?
  private var isList = false
  /// Samples that are filled next.
  private var ready: [Int32] = []
  /// The titles that begin there among the samples.
  private var titles: [(place: Int, title: SoundTitle)] = []
  /// The title of the sound that was filled last; nil where that has none.
  private var title: SoundTitle?
  private var hasPlayed = false
  private var isFading = false
  /// The error of the last attempt to read the input, as it was told.
  private var error: SourceError?

  /// Starts to read.
  /// - Parameters:
  ///   - choice: a path; it is always played over and over.
  ///   - onEvent: called on the thread that opens the fallback, and then on the thread that plays it.
  package init(_ choice: InputChoice, onEvent: @escaping @Sendable (SourceEvent) -> Void) {
    var choice = choice
    (choice.loops, choice.prefetch) = (true, Self.prefetch)
    (self.choice, self.onEvent) = (choice, onEvent)
    reader = Reader(choice)
  }

  /// Sets the format of the frames that `fill` gives; to be called before the first `isReady`.
  package mutating func convert(to format: PCMFormat) {
    self.format = format
    prepareConverter()
  }

  package var name: String { choice.name }

  /// Waits for the first attempt to read the input.
  /// - Throws: the error of a file that is there and cannot be played. Every other error may be over later.
  package mutating func waitForFirstAttempt(atMost timeout: Duration) throws(SourceError) {
    guard let message = reader.reader.take(atMost: timeout) else { return }
    if case .failed(let error) = message, error.isUnusable { throw SourceError("fallback \(error)", isUnusable: true) }
    take(message)
  }

  package mutating func isReady(samples: Int) -> Bool {
    while ready.count < samples, let message = reader.reader.take(atMost: .zero) { take(message) }
    return ready.count >= samples
  }

  package mutating func begin() {
    isFading = false
    // A list goes on in the middle of a file, whose title was told before.
    if let title, titles.first?.place != 0 { onEvent(.fallbackTitle(title)) }
  }

  package mutating func fill(_ block: inout [Int32]) {
    let count = min(isReady(samples: block.count) ? block.count : ready.count, block.count)
    block.replaceSubrange(0..<count, with: ready[..<count])
    for index in count..<block.count { block[index] = 0 }
    ready.removeFirst(count)
    for (place, title) in titles where place < count {
      self.title = title == SoundTitle(title: nil) ? nil : title
      if !isFading { onEvent(.fallbackTitle(title)) }
    }
    titles = titles.filter { $0.place >= count }.map { ($0.place - count, $0.title) }
    hasPlayed = true
  }

  package mutating func fadeOut() {
    isFading = true
  }

  package mutating func end() {
    isFading = false
    guard hasPlayed, !isList else { return }
    (reader, ready, titles, title, hasPlayed) = (Reader(choice, convertibleTo: format), [], [], nil, false)
  }

  /// - Returns: false where the input's rate cannot be converted. A new reader then refuses the input, and tries again.
  @discardableResult
  private mutating func prepareConverter() -> Bool {
    guard let input, let format else { return true }
    guard Resampler.canConvert(from: input, to: format) else {
      (reader, self.input, converter) = (Reader(choice, convertibleTo: format), nil, nil)
      return false
    }
    converter = ListConverter(from: input, to: format)
    return true
  }

  private mutating func take(_ message: InputReader.Message) {
    switch message {
    case .opened(_, let input, let remarks, let isList):
      self.input = input
      guard prepareConverter() else { return }
      self.isList = isList
      for remark in remarks { onEvent(.remark("fallback \(name): \(remark)")) }
    case .frames(let frames, _):
      ready += converter?.convert(frames) ?? frames
      if error != nil { onEvent(.remark("fallback \(name): it can be read now")) }
      error = nil
    case .event(.title(let title)): titles.append((ready.count, title))
    case .event(.remark(let remark)): onEvent(.remark("fallback \(name): \(remark)"))
    case .event: break
    case .failed(let error):
      if error != self.error { onEvent(.remark("fallback \(error); it is not heard until it can be read")) }
      self.error = error
    case .ended(let remark): onEvent(.remark("fallback \(name): \(remark ?? "it holds no sound")"))
    }
  }
}
