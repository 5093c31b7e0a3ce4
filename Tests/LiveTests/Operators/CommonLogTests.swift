import Core
import HLS
import HTTP
import Rooms
import Synchronization
import Testing

@testable import Live

@Suite struct CommonLogTests {
  private let key = InviteKey.temporary

  private func line(
    _ target: String, method: String = "GET", address: String = "192.0.2.7",
    duration: Duration = .nanoseconds(1_234_567_890)
  ) throws -> String {
    let answer = FinishedExchange(
      client: Client(connection: 1, address: IPAddress(address)),
      request: RequestLine(method: method, target: Array(target.utf8), version: "HTTP/1.1"), status: 206, bytes: 512,
      duration: duration)
    return CommonLog.line(answer, at: try #require(WallTime("1994-11-06T08:49:37.999Z")))
  }

  @Test func `a line says who asked for what and when, what came of it, and how long it took`() throws {
    #expect(
      try line("/live.m3u8")
        == "192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] \"GET /live.m3u8 HTTP/1.1\" 206 512 1.234\n")
    #expect(try line("/", address: "2001:db8::1", duration: .nanoseconds(999_999)).hasPrefix("2001:db8::1 - - ["))
    #expect(try line("/", duration: .nanoseconds(999_999)).hasSuffix(" 512 0.000\n"))
    #expect(try line("/", address: "").hasPrefix("- - - ["))
  }

  @Test(arguments: [
    ("/live.m3u8?token=open-sesame", "/live.m3u8"),
    ("/live.m3u8?token=open-sesame&_HLS_msn=7", "/live.m3u8?_HLS_msn=7"),
    ("/live.m3u8?a=1&token=open-sesame&b", "/live.m3u8?a=1&b"), ("/?%74oke%6E=open-sesame", "/"),
    ("/?TOKEN=open-sesame&token=open-sesame", "/"), ("/?x=token", "/?x=token"), ("/?%zztoken=open-sesame", "/"),
    ("/?token", "/"), ("/?", "/?"), ("/?token=a?b=open-sesame", "/"), ("/?%74oken%3Dopen-sesame", "/"),
    ("/?session=0123456789", "/?session=0123456789"),
    // In the path, and behind other delimiters.
    ("/live.json%3Ftoken=open-sesame", "/live.json"), ("/live.json%253Ftoken%253Dopen-sesame", "/live.json"),
    ("/live.json;token=open-sesame", "/live.json"), ("/token=open-sesame/live.json", "/live.json"),
    ("/?x=1;token=open-sesame", "/?x=1"), ("/?x=1%26token=open-sesame", "/?x=1"), ("/?to%256ben=open-sesame", "/"),
    ("/?to%25256ben=open-sesame&y=2", "/?y=2"), ("/?x=1#token=open-sesame", "/?x=1"),
    ("/?x=1?token=open-sesame", "/"), ("/?a=1&amp;token=open-sesame", "/?a=1&amp"),
    ("http://user:open-sesame@host/live.m3u8?x=1", "http://host/live.m3u8?x=1"),
    ("HTTPS://open-sesame@host?x", "HTTPS://host?x"), ("http://user%3Aopen-sesame%40host/", "http://host/"),
    ("/rooms/a?invite=open-sesame", "/rooms/a"), ("/rooms/a?x=1&INVITE=open-sesame", "/rooms/a?x=1"),
    ("/rooms/a%3Finvite%3Dopen-sesame", "/rooms/a"), ("/rooms/a/invites", "/rooms/a/invites"),
    ("/tokens.html", "/tokens.html"), ("/live/token", "/live/token"), ("/a%20b/%zz?c=%C3%A9", "/a%20b/%zz?c=%C3%A9"),
  ])
  func `no token is in it, however it is written`(target: String, logged: String) throws {
    let text = try line(target)
    #expect(text.contains("\"GET \(logged) HTTP/1.1\""))
    #expect(!text.contains("sesame"))
  }

  @Test(arguments: [
    ("/open-sesame/live.m3u8", "//live.m3u8"), ("/live.m3u8?x=open-sesame", "/live.m3u8?x="),
    ("/open-sesame.m3u8", "/.m3u8"), ("/?key=%6fpen-sesame&y", "/?key=&y"), ("/open%252Dsesame", "/"),
    ("//user:open-sesame@host/", "//user:@host/"), ("/?token/open-sesame", "/"), ("/open-sesames", "/open-sesames"),
  ])
  func `a valid token is not in it without its name either`(target: String, logged: String) throws {
    let answer = FinishedExchange(
      client: Client(), request: RequestLine(method: "GET", target: Array(target.utf8), version: "HTTP/1.1"),
      status: 404, bytes: 0, duration: .zero)
    let text = CommonLog.line(answer, at: WallTime(microseconds: 0)) { $0 == "open-sesame" }
    #expect(text.contains("\"GET \(logged) HTTP/1.1\""), "\(text)")
  }

  @Test func `an invite and a session are in no line without their names either`() throws {
    let secrets = SecretWords()
    secrets.inviteKey.withLock { $0 = key }
    let room = try #require(RoomName("studio"))
    let now = WallTime(microseconds: 1_000_000)
    let invite = Invite(room: room, role: .host, expires: now, id: 7).text(key)
    let session = MemberSession(
      room: room, member: try #require(MemberID(3)), name: "Ann", role: .talker, invite: nil, issued: now)
    for secret in [invite, session.text(key)] {
      for target in ["/rooms/studio/\(secret)", "/?x=\(secret)&y", "/rooms/a%2F\(secret)#\(secret)", "/\(secret).html"]
      {
        let answer = FinishedExchange(
          client: Client(), request: RequestLine(method: "GET", target: Array(target.utf8), version: "HTTP/1.1"),
          status: 404, bytes: 0, duration: .zero)
        let text = CommonLog.line(answer, at: now) { secrets.contains($0) }
        #expect(!text.contains(secret.suffix(43)), "\(text)")
      }
    }
    #expect(!secrets.contains("studio.host.1.7.\(String(repeating: "A", count: 43))"))
  }

  @Test func `a long target of escapes is read in one go`() throws {
    let target = "/" + String(repeating: "%25", count: 20_000)
    #expect(try line(target).contains("\"GET \(target) HTTP/1.1\""))
  }

  @Test func `what would end the request or the line is escaped`() throws {
    let text = try line("/\"\\\n\u{1B}[2J\u{e9}", method: "G\"T")
    #expect(text.contains(#""G\x22T /\x22\x5C\x0A\x1B[2J\xC3\xA9 HTTP/1.1""#))
    #expect(text.count { $0.isNewline } == 1)
  }
}
