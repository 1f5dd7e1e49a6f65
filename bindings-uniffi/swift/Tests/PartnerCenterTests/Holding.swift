import Foundation
import PartnerCenter

#if canImport(Glibc)
import Glibc
private let stream = Int32(SOCK_STREAM.rawValue)
private let quietly = Int32(MSG_NOSIGNAL)
#else
import Darwin
private let stream = SOCK_STREAM
private let quietly: Int32 = 0
#endif

/// A service on loopback that reads requests, counts them, and holds its answers back until it is
/// told to let them go.
final class Holding: @unchecked Sendable {
    let url: String

    private let listener: Int32
    private let changed = NSCondition()
    private var count = 0
    private var answer: Data?
    private var open: Set<Int32> = []
    private var closed = false

    /// One that does not read leaves its connections to the system, and makes no thread for them.
    init(reading: Bool = true) throws {
        listener = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = listener
        let bound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(fd, address, size) == 0 && listen(fd, 4096) == 0
                    && getsockname(fd, address, &size) == 0
            }
        }
        guard bound else { throw Problem("no port: \(errno)") }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        if reading { Thread { [self] in accepting() }.start() }
    }

    /// How many requests came.
    var requests: Int { changed.withLock { count } }

    /// Waits until so many have come.
    func arrived(_ number: Int = 1) async throws {
        for _ in 0..<6000 {
            if requests >= number { return }
            try await Task.sleep(nanoseconds: 5_000_000)
        }
        throw Problem("\(requests) requests in half a minute, not \(number)")
    }

    /// Lets the answers go, and answers whatever comes from now on.
    func answer(_ status: Int, _ body: String) {
        let head = "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nConnection: close\r\n"
        changed.withLock {
            answer = Data("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
            changed.broadcast()
        }
    }

    /// Ends it; who waits for an answer has its connection cut.
    func close() {
        changed.withLock {
            closed = true
            for connection in open { shutdown(connection, Int32(SHUT_RDWR)) }
            changed.broadcast()
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accepting() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            changed.withLock { _ = open.insert(connection) }
            let thread = Thread { [self] in serve(connection) }
            thread.stackSize = 256 * 1024
            thread.start()
        }
        _ = Foundation.close(listener)
    }

    private func serve(_ connection: Int32) {
        defer {
            changed.withLock { _ = open.remove(connection) }
            _ = Foundation.close(connection)
        }
        var request = Data()
        var buffer = [UInt8](repeating: 0, count: 65536)
        // The bodies of this library's requests come with their head, or are one short piece.
        while request.range(of: Data("\r\n\r\n".utf8)) == nil {
            let read = recv(connection, &buffer, buffer.count, 0)
            guard read > 0 else { return }
            request += buffer[..<read]
        }
        changed.lock()
        count += 1
        while answer == nil && !closed { changed.wait() }
        let answer = answer
        changed.unlock()
        if let answer {
            _ = answer.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, quietly) }
            // What is unread would turn the end into a reset.
            shutdown(connection, Int32(SHUT_WR))
            while recv(connection, &buffer, buffer.count, 0) > 0 {}
        }
    }
}
