import Glibc

/// The files of a folder or of a playlist, one after the other without a gap, without a lost or an invented sample.
///
/// A file that cannot be read is skipped. The next file is opened while the one before still plays. The folder or the playlist
/// is looked at again for each round.
final class ListInput: Input {
  /// A file that is open.
  private struct Track {
    let input: any Input
    let file: ListedFile
    let title: SoundTitle
    /// The round that the file belongs to.
    let round: Int
    var converter: ListConverter
    /// Whether the file has given frames.
    var isHeard = false
  }

  /// The sound that is left of a file when the next one is opened.
  private static let lead = 5
  private static let mostTold = 10_000
  /// The sample rates that a stream can have.
  private static let rates = [32_000, 44_100, 48_000]

  private let list: FileList
  private let choice: InputChoice
  private let isStopping: @Sendable () -> Bool
  private(set) var format = PCMFormat(sampleRate: 48_000, channels: 2)
  private var order: PlayOrder
  /// The files of this round that were not opened yet.
  private var upcoming: ArraySlice<ListedFile> = []
  private var count = 0
  /// The number of this round, from 1; 0 before the first one.
  private var round = 0
  /// The latest round in which a file has given frames.
  private var fruitful = 0
  /// The error of the file that was skipped last, or that gave no frame.
  private var lastReason = ""
  private var current: Track?
  private var next: Track?
  private var isOver = false
  private var events: [SourceEvent] = []
  /// The lines that were told, so that each round does not tell them again.
  private var told: Set<String>

  /// - Parameters:
  ///   - previous: the list that has failed; the format, the order and the lines that were told stay.
  ///   - isStopping: ends the search for a file that can be read.
  /// - Throws: the reason why no file can be read now. That may be over later.
  init(
    _ list: FileList, _ choice: InputChoice, after previous: ListInput?, isStopping: @escaping @Sendable () -> Bool
  ) throws(SourceError) {
    (self.list, self.choice, self.isStopping) = (list, choice, isStopping)
    (order, told) = (previous?.order ?? PlayOrder(shuffleSeed: choice.shuffleSeed), previous?.told ?? [])
    format =
      previous?.format
      ?? PCMFormat(sampleRate: choice.listRate ?? format.sampleRate, channels: choice.listChannels ?? 2)
    next = try openNext()
    guard previous == nil, choice.listRate == nil, let first = next?.input.format, Self.rates.contains(first.sampleRate)
    else { return }
    // The rate of the list is that of its first file, which was opened before that rate was known.
    format = PCMFormat(sampleRate: first.sampleRate, channels: format.channels)
    next?.converter = ListConverter(from: first, to: format)
  }

  var summary: String {
    let files = count == 1 ? "1 file" : "\(count) files"
    return switch list {
    case .folder(let path): "folder \(path), \(files), \(format.sampleRate) Hz, \(format.channels) channels"
    case .playlist(let path): "playlist \(path), \(files), \(format.sampleRate) Hz, \(format.channels) channels"
    }
  }

  var remarks: [String] { [] }
  var isList: Bool { true }
  /// A second, in which the disk may find the next file.
  var mostWaitingSamples: Int { format.sampleRate * format.channels }

  func close() {
    current?.input.close()
    next?.input.close()
  }

  func takeEvents() -> [SourceEvent] {
    defer { events = [] }
    return events
  }

  func read(into block: inout [Int32]) throws(SourceError) -> InputArrival {
    while block.isEmpty {
      if current == nil {
        guard let track = try takeNext() else { return .end(remark: nil) }
        current = track
      }
      openAhead()
      readCurrent(into: &block)
      guard !isStopping() else { return .nothing }
    }
    return .frames(isAhead: false)
  }

  /// Appends the next frames of the current file, which ends if there are none.
  private func readCurrent(into block: inout [Int32]) {
    guard let track = current else { return }
    var (frames, reason): ([Int32], String?)
    (frames, reason) = ([], track.isHeard ? nil : "it holds no sound")
    do throws(SourceError) {
      switch try track.input.read(into: &frames) {
      case .frames:
        if !track.isHeard {
          (current!.isHeard, fruitful) = (true, track.round)
          // The lines about other files were added before.
          events.append(.title(track.title))
        }
        block += current!.converter.convert(frames)
        return
      case .end(let remark): reason = remark ?? reason
      case .nothing, .replaced, .changed: break
      }
    } catch {
      reason = error.description
    }
    if let reason { tell("file:\(track.file.path): \(reason)") }
    if track.isHeard {
      block += current!.converter.finish()
    } else {
      lastReason = "file:\(track.file.path): \(reason ?? "")"
    }
    track.input.close()
    current = nil
  }

  private func takeNext() throws(SourceError) -> Track? {
    defer { next = nil }
    if let next { return next }
    return try openNext()
  }

  private func openAhead() {
    guard next == nil, !isOver, let current else { return }
    if let left = current.input.framesLeft, left > Self.lead * current.input.format.sampleRate { return }
    // An error is found again, and thrown, when the current file has ended.
    next = try? openNext()
  }

  /// Opens the next file that can be read; nil after the last one.
  private func openNext() throws(SourceError) -> Track? {
    while !isOver {
      guard !isStopping() else { throw SourceError("it is no longer needed") }
      if upcoming.isEmpty {
        guard try beginRound() else { break }
      }
      let file = upcoming.removeFirst()
      do throws(SourceError) {
        return try open(file)
      } catch {
        lastReason = "file:\(file.path): \(error)"
        tell("file:\(file.path) is skipped: \(error)")
      }
    }
    isOver = true
    return nil
  }

  /// Looks at the list again.
  /// - Returns: false where no further round is wanted.
  private func beginRound() throws(SourceError) -> Bool {
    if round > 0 {
      guard fruitful == round else {
        let files = count == 1 ? "its one file cannot" : "none of its \(count) files can"
        throw SourceError("\(files) be read: \(lastReason)")
      }
      guard choice.loops else { return false }
    }
    let (files, remarks) = try list.files(isStopping: isStopping)
    for remark in remarks { tell(remark) }
    guard !files.isEmpty else { throw SourceError("it holds no sound file") }
    (round, count) = (round + 1, files.count)
    upcoming = order.round(of: files)[...]
    return true
  }

  private func open(_ listed: ListedFile) throws(SourceError) -> Track {
    let file = Glibc.open(listed.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw SourceError(String(cString: strerror(errno))) }
    do throws(SourceError) {
      var status = stat()
      guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw .unusable("it is not a regular file")
      }
      var single = choice
      (single.place, single.loops, single.isRawNamed) = (.path(listed.path), false, false)
      let input = try InputOpener.open(file, path: listed.path, single, after: nil)
      guard Resampler.canConvert(from: input.format, to: format) else { throw .rates(from: input.format, to: format) }
      for remark in input.remarks { tell("file:\(listed.path): \(remark)") }
      return Track(
        input: input, file: listed, title: Self.title(of: input, listed, file, length: Int(status.st_size)),
        round: round, converter: ListConverter(from: input.format, to: format))
    } catch {
      Glibc.close(file)
      throw error
    }
  }

  private func tell(_ line: String) {
    if told.count >= Self.mostTold { told = [] }
    if told.insert(line).inserted { events.append(.remark(line)) }
  }

  /// The title that the playlist names, or else the tags of the file, or else its name.
  private static func title(of input: any Input, _ listed: ListedFile, _ file: Int32, length: Int) -> SoundTitle {
    if let title = listed.title { return SoundTitle(title: title) }
    let tags = (input as? DecodedInput).map(\.title) ?? (try? SoundFile(file, length: length))?.title
    guard let tags else { return SoundTitle(title: listed.name) }
    return SoundTitle(title: tags.title ?? listed.name, artist: tags.artist)
  }
}
