import Audio
import System
import Testing

@testable import Live

@Suite struct RelayAnswerTests {
  private func head(_ lines: String...) -> RelayHead {
    var head = RelayHead()
    for line in lines { head.take(Array("\(line)\r\n".utf8)) }
    return head
  }

  // Heads

  @Test(arguments: [
    ("audio/mpeg", "/live", RelayHead.Meaning.sound(.mp3)), ("Application/OGG; codecs=opus", "/live", .sound(.ogg)),
    ("audio/flac", "/", .sound(.flac)), ("audio/x-mpegurl", "/live", .playlist), ("audio/x-scpls", "/", .playlist),
    ("application/octet-stream", "/a.pls", .playlist), ("text/plain", "/a.M3U", .playlist),
    ("application/octet-stream", "/a.opus", .sound(.ogg)), ("application/octet-stream", "/a", .sound(.mp3)),
  ])
  func `the type tells the content, and the ending where the type tells nothing`(
    type: String, path: String, meaning: RelayHead.Meaning
  ) {
    #expect(head("HTTP/1.1 200 OK", "Content-Type: \(type)").meaning(path: path) == meaning)
  }

  @Test func `an answer of SHOUTcast counts`() {
    let head = head("ICY 200 OK", "icy-metaint:16000", "content-type: audio/mpeg")
    #expect(head.meaning(path: "/") == .sound(.mp3))
    #expect(head.interval == 16000)
  }

  @Test(arguments: ["0", "-1", "16777217", "many", ""]) func `an interval that cannot be is none`(value: String) {
    #expect(head("HTTP/1.1 200 OK", "icy-metaint: \(value)").interval == nil)
  }

  @Test func `a further head replaces the one before`() {
    let head = head("HTTP/1.1 401 Unauthorized", "icy-metaint: 5", "HTTP/1.1 200 OK", "Content-Type: audio/mpeg")
    #expect((head.status, head.interval) == (200, nil))
  }

  @Test(arguments: [
    ("HTTP/1.1 404 Not Found", "audio/mpeg", "it answers with the status 404"),
    ("HTTP/1.1 401 Unauthorized", "audio/mpeg", "it wants another user and password (status 401)"),
    ("HTTP/1.1 200 OK", "text/html", "it sends text/html, which is not taken; it must send \(SourceClient.formats)"),
    ("HTTP/1.1 200 OK", "audio/aac", "it sends audio/aac, which is not taken; it must send \(SourceClient.formats)"),
  ])
  func `an answer without sound is refused with its reason`(status: String, type: String, reason: String) {
    #expect(head(status, "Content-Type: \(type)").meaning(path: "/live.mp3") == .refused(reason: reason))
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func `a redirect is followed`(status: Int) {
    #expect(head("HTTP/1.1 \(status) Moved", "Location: /x").meaning(path: "/") == .redirect)
  }

  // Playlists

  @Test(arguments: [
    ("#EXTM3U\r\n#EXTINF:-1,Radio\r\nhttp://a/live\r\n\r\nb.mp3\n", ["http://a/live", "b.mp3"]),
    (
      "[Playlist]\nNumberOfEntries=2\nFile1=http://a/x?b=c\nTitle1=T\nfile2=http://b/\nFile=no\n",
      ["http://a/x?b=c", "http://b/"]
    ),
    ("", []), ("# nothing\n", []),
  ])
  func `a playlist names addresses`(text: String, addresses: [String]) {
    #expect(RelayPlaylist(Array(text.utf8)) == .addresses(addresses))
  }

  @Test func `a playlist of HLS is told apart`() {
    #expect(RelayPlaylist(Array("#EXTM3U\n#EXT-X-TARGETDURATION:4\n1.mp3\n".utf8)) == .hls)
  }

  @Test func `only the first addresses of a long playlist count`() {
    let lines = (0..<100).map { "http://a/\($0)\n" }.joined()
    guard case .addresses(let addresses) = RelayPlaylist(Array(lines.utf8)) else { return #expect(Bool(false)) }
    #expect(addresses.count == RelayPlaylist.mostAddresses)
  }

  @Test(arguments: [
    ("x.mp3", "http://a/list/x.mp3"), ("/x", "http://a/x"), ("https://b:8/y", "https://b:8/y"), ("//c/z", "http://c/z"),
    ("file:///etc/passwd", "file:///etc/passwd"),
  ])
  func `an address is resolved against that of the playlist`(reference: String, url: String) {
    #expect(Transfer.resolved(reference, against: "http://a/list/live.m3u") == url)
  }

  // URLs

  @Test(arguments: [
    ("http://radio.example/live.mp3", "http://radio.example/live.mp3"),
    ("HTTPS://radio.example:8443/a?token=secret", "https://radio.example:8443/a"), ("http://[::1]:80", "http://[::1]"),
  ])
  func `the description of a URL has no query`(text: String, shown: String) throws {
    #expect(try RelayURL(text).description == shown)
  }

  @Test(arguments: [
    "file:///etc/passwd", "ftp://a/", "http://", "http:///x", "http://a/ b", "http://a/#b", "http://user:secret@a/",
    "https://user@a/", "http://a/live.m3u8", "http://a/live.M3U8?token=x", "//a", "", "http://a:b/",
    "http://a/\(String(repeating: "x", count: 2048))",
  ])
  func `another URL is refused, and its text is not repeated`(text: String) throws {
    let error = #expect(throws: InvalidInput.Rule.self) { try RelayURL(text) }
    #expect(error.map { !$0.text.text(\.rawValue).contains("secret") } == true)
  }

  @Test(arguments: [("anna:ge:heim", ["anna", "ge:heim"]), ("anna:", ["anna", ""]), ("anna", nil), (":x", nil)])
  func `a line is a user and a password`(line: String, parts: [String]?) {
    #expect(RelayAccess(Array(line.utf8)).map { [$0.user, $0.password] } == parts)
  }

  // The pace

  @Test func `a station that sends too little MP3 for ten seconds is given up`() {
    let start = MonotonicTime.now
    var pace = RelayPace(isMP3: true, now: start)
    pace.note(bytes: 5000)
    #expect([9, 10].map { pace.fault(now: start + .seconds($0)) } == [nil, nil])
    pace.note(bytes: 4999)
    #expect(
      [19, 20].map { pace.fault(now: start + .seconds($0)) } == [nil, "it sends less than 5000 bytes in 10 s"])
  }

  @Test func `silence of FLAC and Ogg takes next to nothing, and only a station that sends nothing is given up`() {
    let start = MonotonicTime.now
    var pace = RelayPace(isMP3: false, now: start)
    pace.note(bytes: 1)
    #expect([9, 10].map { pace.fault(now: start + .seconds($0)) } == [nil, nil])
    #expect([19, 20].map { pace.fault(now: start + .seconds($0)) } == [nil, "it sends nothing for 10 s"])
  }

  @Test(arguments: [true, false]) func `a station that may not send is not slow`(isMP3: Bool) {
    let start = MonotonicTime.now
    var pace = RelayPace(isMP3: isMP3, now: start)
    pace.pause(now: start + .seconds(9))
    #expect([18, 19].map { pace.fault(now: start + .seconds($0)) != nil } == [false, true])
  }

  // The way

  @Test(arguments: [
    "http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
    "http://192.168.1.5/live",
    "http://169.254.169.254/", "http://172.31.0.1/", "http://100.64.0.1/", "http://0.0.0.0/", "http://[fd00::1]/",
    "http://[fe80::1]/", "http://nas/live", "http://studio.local/", "http://router.home.arpa./", "http://127.1/",
    "http://2130706433/",
  ])
  func `a station elsewhere leads to no address of this machine or of a private network`(target: String) throws {
    func isFollowed(after url: String) throws -> Bool {
      if case .success = RelayFailure.next(target, after: try RelayURL(url), "it redirects") { true } else { false }
    }
    #expect(try !isFollowed(after: "https://radio.example/live"))
    // The operator has named such a network.
    #expect(try isFollowed(after: "http://10.1.2.3:8000/live"))
    #expect(try isFollowed(after: "http://icecast.lan/live"))
  }

  @Test(arguments: [
    "http://radio.example/", "https://1.2.3.4/", "http://172.32.0.1/", "http://[2001:db8::1]/", "http://11.0.0.1/",
    "http://local.example/", "http://100.128.0.1/",
  ])
  func `a station leads to public addresses`(target: String) throws {
    let next = RelayFailure.next(target, after: try RelayURL("https://radio.example/live"), "it redirects")
    if case .failure(let failure) = next { Issue.record("\(failure.reason)") }
  }

  // The end

  @Test func `sound that comes after the end of a relay is closed, so that its thread ends`() throws {
    let format = PCMFormat(sampleRate: 48_000, channels: 2)
    let relay = Relay(try RelayURL("http://127.0.0.1:9/"), passwordFile: nil, format: format)
    relay.stop(within: .seconds(60))
    let sound = SoundQueue(format: format)
    relay.add(sound)
    #expect(!sound.put([0, 0]))
  }
}
