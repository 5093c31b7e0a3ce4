import Glibc
import System
import Testing

@testable import Live

/// A child that was taken over runs any code that it likes. Python stands for that code.
@Suite(.enabled(if: access("/usr/bin/python3", X_OK) == 0)) struct LimitedChildTests {
  private let temporary = TemporaryFolder()

  private func run(
    _ code: String, wall: Duration = .seconds(60), input: [UInt8] = [], isStopping: () -> Bool = { false }
  ) throws -> (end: LimitedChild.End, output: String, second: String) {
    let folder = Folder(temporary.path)
    try folder.replace("input", input)
    let source = open("\(temporary.path)/input", O_RDONLY | O_CLOEXEC)
    defer { close(source) }
    let child = try LimitedChild(
      ["/usr/bin/python3", "-I", "-S", "-c", code], output: "\(temporary.path)/output",
      limits: LimitedChild.Limits(cpu: 30, memory: 2 << 30, file: 1_000_000, wall: wall))
    var second: [UInt8] = []
    let end = child.run(sending: source, isStopping: isStopping, onSent: { _ in }, onOutput: { second += $0 })
    return (end, try temporary.text("output"), String(decoding: second, as: UTF8.self))
  }

  @Test func `a child reads its input, and writes its outputs`() throws {
    let result = try run(
      "import os\ndata = os.read(0, 10)\nos.write(1, data)\nos.write(3, data[::-1])", input: Array("abc".utf8))
    #expect(result.end == .exit(status: 0) && result.output == "abc" && result.second == "cba")
  }

  @Test func `a child reaches neither the network nor other processes, and starts none`() throws {
    let result = try run(
      """
      import os, signal, _socket, threading
      def attempt(name, call):
        try: call()
        except PermissionError: os.write(1, (name + " refused\\n").encode())
        except OSError as error: os.write(1, (name + " " + str(error) + "\\n").encode())
        else: os.write(1, (name + " done\\n").encode())
      attempt("network", lambda: _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM))
      attempt("local", lambda: _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM))
      attempt("fork", os.fork)
      attempt("kill", lambda: os.kill(os.getppid(), 0))
      attempt("pidfd", lambda: os.pidfd_open(os.getppid()))
      attempt("group", lambda: os.setpgid(0, 0))
      attempt("session", os.setsid)
      def work(): os.write(1, b"thread done\\n")
      thread = threading.Thread(target=work)
      thread.start()
      thread.join()
      """)
    #expect(result.end == .exit(status: 0))
    #expect(
      result.output == """
        network refused
        local refused
        fork refused
        kill refused
        pidfd refused
        group refused
        session refused
        thread done

        """)
  }

  @Test(.enabled(if: LimitedChild.refusesFiles)) func `a child opens no file but those of programs, and makes none`()
    throws
  {
    try Folder(temporary.path).replace("secret", Array("swordfish".utf8))
    let result = try run(
      """
      import os
      for path, flags in (("\(temporary.path)/secret", os.O_RDONLY), ("\(temporary.path)/new", os.O_WRONLY | os.O_CREAT),
                          ("/etc/passwd", os.O_RDONLY), ("/proc/self/environ", os.O_RDONLY), ("/usr/bin/env", os.O_RDONLY)):
        try: os.close(os.open(path, flags))
        except PermissionError: os.write(1, b"refused\\n")
        else: os.write(1, b"opened\\n")
      """)
    #expect(result.end == .exit(status: 0))
    #expect(result.output == "refused\nrefused\nrefused\nrefused\nopened\n")
    #expect(temporary.files(".") == ["input", "output", "secret"])
  }

  #if arch(x86_64)
    @Test func `a call of another architecture ends the child`() throws {
      // mov eax, 359 (socket of i386); int 0x80; ret
      let result = try run(
        """
        import ctypes, mmap
        memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        memory.write(bytes([0xb8, 0x67, 0x01, 0x00, 0x00, 0xcd, 0x80, 0xc3]))
        ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
        """)
      // A kernel without these calls ends the child by itself.
      #expect([.signal(SIGSYS), .signal(SIGSEGV)].contains(result.end), "\(result.end)")
    }
  #endif

  @Test func `a child that writes too much, or that must end early, is ended`() throws {
    #expect(
      try run(
        "import os, _signal\n_signal.signal(_signal.SIGXFSZ, _signal.SIG_DFL)\nwhile True: os.write(1, bytes(100000))"
      ).end == .signal(SIGXFSZ))
    #expect(try run("import time\ntime.sleep(600)", wall: .zero).end == .tooLong)
    #expect(try run("import time\ntime.sleep(600)", isStopping: { true }).end == .stopped)
  }

  @Test func `only the word of ffmpeg itself says that a sound cannot be decoded`() {
    #expect(CopyMaker.outcome(of: .exit(status: 1), isCut: true) == .undecodable)
    #expect(CopyMaker.outcome(of: .signal(SIGSEGV), isCut: false) == .undecodable)
    #expect(CopyMaker.outcome(of: .signal(SIGXFSZ), isCut: false) == .undecodable)
    #expect(CopyMaker.outcome(of: .signal(SIGXFSZ), isCut: true) == .passingTrouble)
    for status in [126, 127, 256 - ENOSPC, 256 - EAGAIN] {
      #expect(CopyMaker.outcome(of: .exit(status: status), isCut: false) == .passingTrouble)
    }
    #expect(CopyMaker.outcome(of: .tooLong, isCut: false) == .passingTrouble)
  }
}
