import HTTP
import System
import Testing

@testable import Live

@Suite struct SourcePasswordsTests {
  @Test func `each line is a password of the user source, or a user with a password`() throws {
    let passwords = try SourcePasswords("# DJs\n\n hackme \nanna:ge:heim # 1\ntom:\u{0301}x\n")
    #expect(passwords.accept(user: "source", password: "hackme"))
    #expect(passwords.accept(user: "anna", password: "ge:heim # 1"))
    #expect(passwords.accept(user: "tom", password: "\u{0301}x"))
    for (user, password) in [
      ("source", "ge:heim # 1"), ("anna", "hackme"), ("", "hackme"), ("source", ""), ("source", "hackme\u{0}"),
      ("source", "hackm"), ("source", "hackmee"), ("Source", "hackme"), ("source", String(repeating: "x", count: 200)),
    ] {
      #expect(!passwords.accept(user: user, password: password), "\(user):\(password)")
    }
  }

  @Test(arguments: ["", "# nothing", "anna:", ":geheim", String(repeating: "x", count: 129), "a\u{7}b"])
  func `a file without a valid password is refused, and no password is repeated`(text: String) {
    #expect {
      try SourcePasswords(text)
    } throws: { error in
      guard let rule = error as? InvalidInput.Rule else { return false }
      let message = rule.text.text(\.rawValue)
      return !message.contains("geheim") && !message.contains("xxx")
    }
  }
}

@Suite struct FailureBrakeTests {
  private let address = ClientAddress(IPAddress("192.0.2.1")!)

  private func time(_ seconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

  @Test func `after three failures an address waits, longer and longer, and half a minute at the most`() {
    var brake = FailureBrake()
    for _ in 0..<3 { _ = brake.fail(address, now: time(0)) }
    #expect(brake.wait(for: address, now: time(0)) == nil)
    var waits: [Duration] = []
    for _ in 0..<8 {
      _ = brake.fail(address, now: time(0))
      waits.append(brake.wait(for: address, now: time(0)) ?? .zero)
    }
    #expect(waits == [1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
    #expect(brake.wait(for: ClientAddress(IPAddress("192.0.2.2")!), now: time(0)) == nil)
    #expect(brake.wait(for: address, now: time(31)) == nil)
  }

  @Test func `a right password, or ten minutes, make the failures forgotten`() {
    var brake = FailureBrake()
    for _ in 0..<6 { _ = brake.fail(address, now: time(0)) }
    #expect(brake.fail(address, now: time(601)) == 1)
    for _ in 0..<6 { _ = brake.fail(address, now: time(601)) }
    brake.succeed(address)
    #expect(brake.fail(address, now: time(602)) == 1)
  }

  @Test func `the number of addresses is bounded`() {
    var brake = FailureBrake()
    for number in 0..<1500 {
      _ = brake.fail(ClientAddress(IPAddress("10.0.\(number / 256).\(number % 256)")!), now: time(number))
    }
    #expect(brake.fail(ClientAddress(IPAddress("10.0.0.1")!), now: time(1500)) == 1)
    #expect(brake.fail(ClientAddress(IPAddress("10.0.5.200")!), now: time(1500)) == 2)
  }
}
