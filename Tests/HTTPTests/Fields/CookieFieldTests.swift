import Testing

@testable import HTTP

@Suite struct CookieFieldTests {
  private func values(_ field: String, _ names: [String] = ["a", "__Host-a"], atMost limit: Int = 8) -> [String] {
    CookieField.values(of: names, in: field, atMost: limit)
  }

  @Test func `each cookie of the names counts, in the order of the field`() {
    #expect(values("a=1; b=2; __Host-a=3; a=4") == ["1", "3", "4"])
    #expect(values("b=2;a=1;  a=x=y ; a=") == ["1", "x=y", ""])
    #expect(values("a=1; a=2; a=3", atMost: 2) == ["1", "2"])
  }

  @Test(arguments: ["", "a", "aa=1", "A=1", "xa=1", "__Host-b=1", ";;;", "=1"])
  func `nothing else is one of them`(field: String) {
    #expect(values(field) == [])
  }
}
