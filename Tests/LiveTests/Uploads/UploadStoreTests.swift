import Core
import Glibc
import HTTP
import Logging
import Synchronization
import System
import Testing
import Uploads

@testable import Live

@Suite struct UploadStoreTests {
  private static let key = UploadKey("0123456789abcdef0123456789abcdef")!
  private static let sound = Array("fLaC".utf8) + [UInt8](repeating: 7, count: 200)

  private let temporary = TemporaryFolder()
  private let clock = Replaceable(MonotonicTime(nanoseconds: 0))

  private func started(_ change: (inout UploadSettings) -> Void = { _ in }) throws -> UploadStore {
    var settings = UploadSettings()
    change(&settings)
    let store = try UploadStore(
      settings, in: temporary.path, log: Log(level: .error), now: { [clock] in clock.value })
    store.start(onChange: {}, onReceived: { _ in })
    return store
  }

  /// Waits for all work that was given to the thread of the files, and for the work that this work gives.
  private func settle(_ store: UploadStore) {
    let done = Semaphore()
    store.post { store.post { store.post { done.post() } } }
    done.wait()
  }

  /// The time passes, and the thread looks.
  private func wait(_ span: Duration, _ store: UploadStore) {
    clock.replace(by: clock.value + span + .seconds(1))
    store.post { store.finishForgotten() }
    settle(store)
  }

  private func send(_ bytes: [UInt8] = sound, to store: UploadStore, at offset: Int = 0) throws {
    let generation = try store.begin(Self.key, at: offset)
    try store.append(bytes, to: Self.key, at: offset, in: generation)
  }

  private var files: [String] { temporary.files(".") }

  @Test func `a sound that nobody goes on with is closed, and is neither sent nor published`() throws {
    let store = try started { $0.publishes = true }
    defer { store.stop() }
    try send(to: store)
    wait(.seconds(3500), store)
    #expect(store[Self.key] == nil)
    // The page asks: it is there.
    store.touch(Self.key)
    wait(.seconds(3500), store)
    #expect(store[Self.key] == nil)
    wait(.seconds(3600), store)
    let upload = try #require(store[Self.key])
    #expect(!upload.isSent && !upload.isPublished)
    #expect(ListedUpload(upload).json.text.contains(#""sent":false"#))
    #expect(try temporary.text(upload.name.record) == upload.record.text)
  }

  @Test func `a sound that was closed takes its name and is published when its author sends it`() throws {
    let store = try started { $0.publishes = true }
    defer { store.stop() }
    try send(to: store)
    wait(.seconds(3600), store)
    store.finish(Self.key, title: UploadTitle("My voice"))
    settle(store)
    let upload = try #require(store[Self.key])
    #expect(upload.isSent && upload.isPublished && upload.title == "My voice")
    #expect(try temporary.text(upload.name.record) == upload.record.text)
    // The answer may get lost: a second request changes nothing.
    store.finish(Self.key, title: UploadTitle("Another"))
    settle(store)
    #expect(store[Self.key] == upload)
  }

  @Test func `a sound that was closed is gone when its author discards it, and a sound that was sent stays`() throws {
    let store = try started()
    defer { store.stop() }
    try send(to: store)
    wait(.seconds(3600), store)
    store.post { store.drop(Self.key) }
    settle(store)
    #expect(store[Self.key] == nil && store.all.isEmpty && files.isEmpty)
    try send(to: store)
    store.finish(Self.key, title: nil)
    settle(store)
    store.post { store.drop(Self.key) }
    settle(store)
    #expect(store[Self.key]?.isSent == true && files.count == 2)
  }

  @Test func `a request without bytes takes no place, and a beginning without a format is dropped soon`() throws {
    let store = try started { $0.maxCount = 1 }
    defer { store.stop() }
    for number in 0..<10 {
      #expect(try store.begin(UploadKey(String(repeating: "\(number)", count: 32))!, at: 0) == 0)
    }
    try send([1, 2, 3], to: store)
    let other = UploadKey(String(repeating: "f", count: 32))!
    #expect(throws: UploadFailure.self) { try store.begin(other, at: 0) }
    wait(.seconds(60), store)
    #expect(store.partial(Self.key) == nil && files.isEmpty)
    #expect(try store.begin(other, at: 0) == 0)
  }

  @Test func `one address begins a limited number of sounds`() throws {
    let store = try started()
    defer { store.stop() }
    let (one, other) = (IPAddress("192.0.2.1"), IPAddress("192.0.2.2"))
    func begin(_ number: Int, from address: IPAddress?) throws {
      let digits = String(number, radix: 16)
      let key = UploadKey(String(repeating: "0", count: 32 - digits.utf8.count) + digits)!
      let generation = try store.begin(key, at: 0, from: address)
      try store.append([1], to: key, at: 0, in: generation, from: address)
    }
    for number in 0..<UploadStore.mostOfAddress { try begin(number, from: one) }
    #expect(throws: UploadFailure.tooMany) { try begin(1000, from: one) }
    try begin(1000, from: other)
  }

  @Test func `bytes at a wrong place are refused with the right one`() throws {
    let store = try started()
    defer { store.stop() }
    try send(to: store)
    #expect(throws: UploadFailure.offset(204)) { try store.begin(Self.key, at: 0) }
    store.finish(Self.key, title: nil)
    settle(store)
    // The sound is whole: no byte moves it.
    #expect(throws: UploadFailure.offset(204)) { try store.begin(Self.key, at: 204) }
  }

  @Test(arguments: ["", "{", "{}", nil])
  func `a start with a spoilt record keeps the original, and makes a new record`(record: String?) throws {
    let before = try started { $0.publishes = true }
    try send(to: before)
    before.finish(Self.key, title: UploadTitle("My voice"))
    settle(before)
    before.stop()
    let upload = try #require(before[Self.key])
    let folder = Folder(temporary.path)
    if let record {
      try folder.replace(upload.name.record, Array(record.utf8))
    } else {
      try folder.remove(upload.name.record)
    }
    let after = try started { $0.publishes = true }
    defer { after.stop() }
    let found = try #require(after[upload.name])
    #expect(try folder.read(found.original) == Self.sound)
    #expect(found.size == Self.sound.count && !found.isPublished)
    #expect(found.received.text.prefix(19) == upload.received.text.prefix(19))
    #expect(Upload(record: try folder.read(found.name.record)) == found)
  }

  @Test func `a start with a record that cannot be read leaves all files`() throws {
    let before = try started()
    try send(to: before)
    before.finish(Self.key, title: nil)
    settle(before)
    before.stop()
    let upload = try #require(before[Self.key])
    // Root reads every file, but no record of this length.
    try Folder(temporary.path).replace(upload.name.record, [UInt8](repeating: 0x20, count: 100_000))
    let names = files
    let after = try started()
    defer { after.stop() }
    #expect(after.all.isEmpty && files == names)
  }

  @Test func `a start after a crash removes what belongs to nothing, and goes on with a sound in pieces`() throws {
    let before = try started()
    try send(to: before)
    before.stop()
    let folder = Folder(temporary.path)
    let name = UploadName(at: .now, number: 7)
    let upload = Upload(
      name: name, format: .flac, size: 204, received: .now, key: Self.key, title: "A", isPublished: false)
    // The record was there, and the original had not got its name yet.
    try folder.replace(name.record, Array(upload.record.text.utf8))
    try folder.replace(name.copy, [1])
    try folder.replace("\(Self.key.text).form", [1])
    try folder.replace("notes.json", [1])
    let after = try started()
    defer { after.stop() }
    #expect(files == ["\(Self.key.file)", "notes.json"])
    #expect(after.partial(Self.key)?.size == 204)
    after.finish(Self.key, title: nil)
    settle(after)
    #expect(after[Self.key]?.size == 204)
  }

  @Test func `the room of a copy is taken before the copy is made, and given back`() throws {
    let store = try started { ($0.quota, $0.maxSize) = (1_000_000, 1_000_000) }
    defer { store.stop() }
    try send(to: store)
    #expect(store.reserveCopy(atMost: 300_000) == 300_000)
    // Half of the rest stays for uploads.
    let rest = 1_000_000 - 300_000 - 204
    #expect(store.reserveCopy(atMost: 2_000_000) == rest / 2)
    #expect(throws: UploadFailure.self) { try store.reserve(rest - rest / 2 + 1) }
    try store.reserve(rest - rest / 2)
    #expect(store.reserveCopy(atMost: 1) == 0)
    store.giveBack(300_000)
    try store.reserve(300_000)
  }

  @Test func `the progress of a copy makes at most one list a second, and a kept change makes one at once`() throws {
    let store = try UploadStore(
      UploadSettings(), in: temporary.path, log: Log(level: .error), now: { [clock] in clock.value })
    let lists = Replaceable(0)
    store.start(onChange: { lists.replace(by: lists.value + 1) }, onReceived: { _ in })
    defer { store.stop() }
    try send(to: store)
    store.finish(Self.key, title: nil)
    settle(store)
    let name = try #require(store[Self.key]?.name)
    let before = lists.value
    for percent in 1...50 {
      store.change(name, isKept: false) { $0.copy = .making(percent: percent) }
      settle(store)
    }
    #expect(lists.value == before)
    clock.replace(by: clock.value + .seconds(2))
    store.change(name, isKept: false) { $0.copy = .making(percent: 51) }
    settle(store)
    // The look follows the work.
    settle(store)
    #expect(lists.value == before + 1)
    store.post { store.change(name) { $0.isPublished = true } }
    settle(store)
    #expect(lists.value == before + 2)
  }

  @Test func `a list has few peaks, and the loudest stay`() {
    var upload = Upload(
      name: UploadName(at: .now, number: 7), format: .flac, size: 1, received: .now, title: "A", isPublished: false)
    upload.peaks = [Int](repeating: 1, count: 999) + [99]
    guard case .object(let members) = ListedUpload(upload).json,
      case .array(let peaks)? = members.first(where: { $0.0 == "peaks" })?.1
    else {
      Issue.record("a list has peaks")
      return
    }
    #expect(peaks.count == 200 && peaks.last?.text == "99" && peaks.first?.text == "1")
  }

  @Test func `the cookie of the uploads is that of no stream`() {
    #expect(!TokenGate.Source.uploads.cookie.hasPrefix("ringcast-"))
  }
}
