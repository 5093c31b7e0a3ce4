import Core
import Synchronization
import System

/// Reads an input on a thread of its own, because a disk may hang and a pipe may give nothing. An input that fails is
/// opened again, after longer and longer pauses.
final class InputReader: Sendable {
  enum Message: Sendable {
    case opened(summary: String, PCMFormat, remarks: [String], isList: Bool)
    /// Interleaved frames at full scale 2^31.
    /// - isAhead: whether the producer runs ahead of real time.
    case frames([Int32], isAhead: Bool)
    /// An event that belongs to the frames of the next message.
    case event(SourceEvent)
    case failed(SourceError)
    /// The input has ended by itself, and no message follows.
    case ended(remark: String?)
  }

  private struct Inbox {
    var messages: [Message] = []
    /// Samples in the messages.
    var samples = 0
    /// Whether the other thread waits for a message.
    var isWanted = false
    /// Whether the reader waits until it may read.
    var isWaiting = false
  }

  /// The longest wait of `stop` for an input that hangs.
  static let stopTimeout = Duration.milliseconds(333)
  private static let roomTimeout = Duration.milliseconds(100)
  /// The shortest and the longest pause between two attempts to open the input.
  private static let backoff = Duration.milliseconds(250)...Duration.seconds(4)

  private let opener: InputOpener
  /// The format that the other thread converts the sound to; nil where any format is wanted.
  private let target: PCMFormat?
  private let inbox = Mutex(Inbox())
  private let posted = Semaphore()
  private let room = Semaphore()
  private let worker = Worker<Void>(name: "input", inbox: ())

  /// Opens the input on the reader's thread.
  /// - Parameter target: an input whose rate cannot be converted to that of `target` is unusable.
  init(_ choice: InputChoice, convertibleTo target: PCMFormat? = nil) {
    opener = InputOpener(choice: choice)
    self.target = target
    worker.start(with: ()) { [self] _, _ in
      run()
      return .untilPost
    }
    // The one run lasts until the input has ended, or the reader is stopped.
    worker.post { _ in }
  }

  /// The next message; nil if none comes within `timeout`.
  func take(atMost timeout: Duration) -> Message? {
    let isWaiting = inbox.withLock { inbox in
      inbox.isWanted = true
      defer { inbox.isWaiting = false }
      return inbox.isWaiting
    }
    if isWaiting { room.post() }
    guard posted.wait(atMost: timeout) else { return nil }
    return inbox.withLock { inbox in
      let message = inbox.messages.removeFirst()
      if case .frames(let frames, _) = message { inbox.samples -= frames.count }
      return message
    }
  }

  /// Closes the input, and returns when that is done, or after the timeout if the input hangs.
  /// - Returns: whether the thread has ended. Otherwise a call still waits, and the thread ends with that call.
  @discardableResult
  func stop(within timeout: Duration = stopTimeout) -> Bool {
    worker.stop(within: timeout)
  }

  private func post(_ message: Message) {
    inbox.withLock { inbox in
      if case .frames(let frames, _) = message {
        inbox.samples += frames.count
        inbox.isWanted = false
      }
      inbox.messages.append(message)
    }
    posted.post()
  }

  private func run() {
    var previous: (any Input)?
    // Open until the next one is open: a named pipe without a reader would end its next writer (pipe(7), SIGPIPE), and the
    // bytes of that writer would be lost.
    var held: (any Input)?
    defer { held?.close() }
    var pause = Self.backoff.lowerBound
    while !worker.isStopping {
      do throws(SourceError) {
        let input = try opener.open(after: previous) { [worker] in worker.isStopping }
        held?.close()
        let before = held?.title
        (held, previous) = (input, input)
        if let target, !Resampler.canConvert(from: input.format, to: target) {
          throw .rates(from: input.format, to: target)
        }
        tell(of: input)
        // The title of the file that was here before is over.
        if before != nil, input.title == nil { post(.event(.title(SoundTitle(title: nil)))) }
        var hasSound = false
        // An input that opens and fails at once is treated like one that does not open: the pause grows.
        defer { if hasSound { pause = Self.backoff.lowerBound } }
        switch try read(input, hasSound: &hasSound) {
        case .end(let remark): return post(.ended(remark: remark))
        case .replaced, .changed, .frames, .nothing: previous = nil
        }
      } catch {
        guard !worker.isStopping else { return }
        post(.failed(error.of(opener.choice.name)))
        worker.pause(pause)
        pause = min(pause * 2, Self.backoff.upperBound)
      }
    }
  }

  /// Reads until the input ends or is replaced, or the reader is stopped.
  private func read(_ input: any Input, hasSound: inout Bool) throws(SourceError) -> InputArrival {
    let prefetch = opener.choice.prefetch.samples(rate: input.format.sampleRate) * input.format.channels
    // A pipe is read only when its sound is wanted.
    let most = input.mostWaitingSamples == 0 ? 0 : max(prefetch, input.mostWaitingSamples)
    while waitForRoom(most) {
      var block: [Int32] = []
      // The events belong to the frames that come after.
      defer { for event in input.takeEvents() { post(.event(event)) } }
      let arrival = try input.read(into: &block)
      for event in input.takeEvents() { post(.event(event)) }
      switch arrival {
      case .frames(let isAhead):
        hasSound = true
        post(block, of: input, isAhead: isAhead)
      case .nothing: break
      case .changed: tell(of: input)
      case .end, .replaced: return arrival
      }
    }
    return .nothing
  }

  /// Posts the frames in messages of a block at most: a block of ADPCM may last for seconds, and nobody waits that long for
  /// the time of a message to come.
  private func post(_ frames: [Int32], of input: any Input, isAhead: Bool) {
    let most = opener.choice.blockSize * input.format.channels
    for start in stride(from: 0, to: frames.count, by: most) {
      post(.frames(Array(frames[start..<min(start + most, frames.count)]), isAhead: isAhead))
    }
  }

  private func tell(of input: any Input) {
    post(.opened(summary: input.summary, input.format, remarks: input.remarks, isList: input.isList))
  }

  /// Waits until more may be read; false once the reader is stopped.
  private func waitForRoom(_ mostSamples: Int) -> Bool {
    while !worker.isStopping {
      let mayRead = inbox.withLock { inbox in
        let mayRead = inbox.samples < mostSamples || (inbox.samples == 0 && inbox.isWanted)
        inbox.isWaiting = !mayRead
        return mayRead
      }
      if mayRead { return true }
      room.wait(atMost: Self.roomTimeout)
    }
    return false
  }
}
