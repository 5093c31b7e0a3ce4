import Audio
import HLS
import HTTP
import Logging
import Synchronization
import System
import Testing

@testable import Live

@Suite struct SourceMountTests {
  private let titles = NowPlayingMailbox()

  private func mount(_ change: (inout StreamSettings) -> Void = { _ in }) throws -> SourceMount {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/passwords"
    try Folder(folder.path).replace("passwords", Array("secret\n".utf8))
    var settings = StreamSettings()
    change(&settings)
    let mount = try SourceMount(settings, passwords: path, log: Log(level: .error))
    mount.attach(titles: titles, events: .none)
    return mount
  }

  private func connection(_ mount: SourceMount, _ format: EncodedFormat = .mp3) -> SourceConnection {
    SourceConnection(
      SourceClient(Request(method: .put, path: "/live", headers: []), user: "source", format: format, at: .now),
      to: mount)
  }

  private func send(_ bytes: [UInt8], _ connection: SourceConnection) {
    _ = bytes.withUnsafeBytes { connection.receive($0) }
  }

  @Test(arguments: [true, false])
  func `a connection that has ended is let go of, though the server's functions keep it`(isWhole: Bool) throws {
    let mount = try mount()
    weak var kept: SourceConnection?
    do {
      let connection = connection(mount)
      kept = connection
      #expect(mount.admit(connection) == nil)
      connection.begin(
        ContentControl(onResume: { [connection] in _ = connection }, onRefuse: { [connection] _ in _ = connection }))
      if isWhole { _ = connection.end() } else { connection.abandoned() }
    }
    // The thread of the decoder ends by itself.
    for _ in 0..<60_000 where kept != nil { Clock.sleep(until: (MonotonicTime.now + .milliseconds(1)).nanoseconds) }
    #expect(kept == nil)
  }

  @Test func `a refusal before the beginning is given at the beginning, and once`() throws {
    let mount = try mount()
    let connection = connection(mount)
    #expect(mount.admit(connection) == nil)
    #expect(mount.disconnect())
    connection.refuse(with: .text(415, "too late\n"))
    let statuses = Mutex<[Int]>([])
    connection.begin(
      ContentControl(onResume: {}, onRefuse: { response in statuses.withLock { $0.append(response.status) } }))
    #expect(statuses.withLock { $0 } == [403])
    #expect(connection.sound.look.isOver)
    connection.abandoned()
  }

  @Test func `the sound of a client that is disconnected stops`() throws {
    let mount = try mount()
    let connection = connection(mount)
    #expect(mount.admit(connection) == nil)
    #expect(connection.sound.put([1, 2, 3, 4]))
    #expect(mount.disconnect())
    #expect(connection.sound.look.frames == 0)
    #expect(!connection.sound.put([1, 2]))
  }

  @Test func `the sound of a client that ends is played to its end`() throws {
    let mount = try mount()
    let connection = connection(mount)
    #expect(mount.admit(connection) == nil)
    #expect(connection.sound.put([1, 2, 3, 4]))
    _ = connection.end()
    #expect(mount.sound === connection.sound && connection.sound.look.frames == 2)
  }

  @Test func `the title of a client does not stand under the client that takes over`() throws {
    let mount = try mount { $0.allowsTakeover = true }
    let (first, second) = (connection(mount), connection(mount))
    #expect(mount.admit(first) == nil)
    #expect(mount.set(NowPlaying(mending: "A", artist: nil), of: first))
    #expect(mount.admit(second) == nil)
    #expect(titles.latest == .nothing)
    #expect(!mount.set(NowPlaying(mending: "A", artist: nil), of: first))
    #expect(mount.set(NowPlaying(mending: "B", artist: nil), of: second))
    mount.leave(first, because: "is gone")
    #expect(titles.latest == NowPlaying(mending: "B", artist: nil))
  }

  @Test func `the title of a live client goes on in the next run of the stream, unless another one stands`() throws {
    let mount = try mount()
    let playing = NowPlaying(mending: "A", artist: nil)
    #expect(mount.admit(connection(mount)) == nil)
    #expect(mount.set(playing))
    let second = NowPlayingMailbox()
    mount.attach(titles: second, events: .none)
    #expect(second.latest == playing)
    second.set(NowPlaying(mending: "B", artist: nil))
    let third = NowPlayingMailbox()
    mount.attach(titles: third, events: .none)
    #expect(third.latest == .nothing)
    #expect(mount.set(playing) && third.latest == playing)
  }

  @Test func `the sound that comes during a pause of the stream is left out, and the sound of before is played`() throws
  {
    let mount = try mount()
    let connection = connection(mount)
    #expect(mount.admit(connection) == nil)
    #expect(connection.sound.put([1, 1, 2, 2]))
    mount.pause()
    #expect(connection.sound.put([3, 3, 4, 4, 5, 5]))
    mount.attach(titles: titles, events: .none)
    #expect(connection.sound.look.frames == 2)
    #expect(connection.sound.put([6, 6]))
    mount.attach(titles: titles, events: .none)
    #expect(connection.sound.look.frames == 3)
  }

  @Test func `a mount that is removed disconnects its client, and answers as if it had never been there`() throws {
    let mount = try mount()
    let connection = connection(mount)
    #expect(mount.admit(connection) == nil)
    let statuses = Mutex<[Int]>([])
    connection.begin(
      ContentControl(onResume: {}, onRefuse: { response in statuses.withLock { $0.append(response.status) } }))
    mount.remove()
    #expect(statuses.withLock { $0 } == [403])
    #expect(mount.live == nil && connection.sound.look.isOver)
    #expect(mount.admit(self.connection(mount))?.status == 404)
    connection.abandoned()
  }

  @Test func `a title goes with its link, unless another one stands`() throws {
    let mount = try mount()
    let client = connection(mount)
    let (first, second) = (NowPlaying(mending: "A", artist: nil), NowPlaying(mending: "B", artist: nil))
    #expect(mount.admit(client) == nil)
    _ = mount.set(first, of: client)
    _ = mount.set(second)
    mount.remove(first, of: client)
    #expect(titles.latest == second)
    mount.remove(second, of: client)
    #expect(titles.latest == .nothing)
  }

  @Test func `bytes behind sound that has ended end the connection`() throws {
    let mount = try mount()
    let connection = connection(mount, .flac)
    #expect(mount.admit(connection) == nil)
    let refused = Semaphore()
    connection.begin(ContentControl(onResume: {}, onRefuse: { if $0.status == 415 { refused.post() } }))
    send(Array("no FLAC and no Ogg".utf8), connection)
    #expect(refused.wait(atMost: .seconds(60)))
    #expect(mount.live == nil)
    connection.abandoned()
  }

  @Test func `a second client is refused while the first is live`() throws {
    let mount = try mount()
    let first = connection(mount)
    #expect(mount.admit(first) == nil)
    #expect(mount.admit(connection(mount))?.status == 403)
    mount.stop()
    #expect(mount.admit(connection(mount))?.status == 403)
  }
}

@Suite struct SourceWarningsTests {
  @Test func `each kind of trouble is logged once a minute at the most`() {
    let log = Log(level: .warning)
    let warnings = SourceWarnings(log)
    for second in 0..<100 {
      warnings.warn(.unknownMount, "A", now: MonotonicTime(nanoseconds: second * 1_000_000_000))
    }
    warnings.warn(.mountInUse, "B", now: MonotonicTime(nanoseconds: 0))
    #expect(
      log.tail.entries.map(\.message) == [
        "source client: A", "source client: A (the last of 60 such requests)", "source client: B",
      ])
  }
}

@Suite struct SoundConverterTests {
  private let output = PCMFormat(sampleRate: 48_000, channels: 2)

  @Test func `sound of the stream's form stays as it is, and other sound is converted`() throws {
    var converter = SoundConverter(to: output)
    #expect(try converter.convert([1, 2, 3, 4], of: output) == [1, 2, 3, 4])
    for _ in 0..<3 {
      for rate in [8000, 11_025, 22_050, 32_000, 44_100] {
        let input = [Int32](repeating: 5, count: rate / 10)
        let count = try converter.convert(input, of: PCMFormat(sampleRate: rate, channels: 1)).count
        #expect(abs(count - 9600) < 400)
      }
    }
  }

  @Test func `a rate whose conversion takes a large table is refused`() {
    var converter = SoundConverter(to: output)
    #expect(throws: DecodingError("191999 Hz is not converted to 48000 Hz")) {
      try converter.convert([1, 2], of: PCMFormat(sampleRate: 191_999, channels: 2))
    }
  }
}
